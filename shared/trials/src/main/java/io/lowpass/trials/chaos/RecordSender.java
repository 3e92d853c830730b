package io.lowpass.trials.chaos;

import io.lowpass.contracts.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends the {@link UnexpectedRecords} in portions, and remembers their positions. */
final class RecordSender implements AutoCloseable {

    private static final int DELIVERY_MILLIS = 300_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final List<ProducerRecord<byte[], byte[]>> left;
    private final List<Sent> sent = new ArrayList<>();

    /**
     * A record that is on its topic.
     *
     * @param origin where it lies, {@code topic-partition@offset}
     * @param key empty if it has none
     */
    record Sent(String topic, String origin, String key) {}

    /** Sends to this broker. */
    RecordSender(String bootstrap) {
        Map<String, Object> settings = new HashMap<>(KafkaSettings.producer(bootstrap));
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_MILLIS);
        producer = new KafkaProducer<>(settings);
        left = new ArrayList<>(UnexpectedRecords.all());
    }

    /** Sends a share of the remaining records: 1 for all. */
    synchronized void send(int share) {
        int count = (left.size() + share - 1) / share;
        for (int number = 0; number < count; number++) {
            // Spread over the list, so that every topic gets some each time.
            send(left.remove((number * 7919) % left.size()));
        }
    }

    /** Sends one at a time, since the broker rejects a whole batch because of one record. */
    private void send(ProducerRecord<byte[], byte[]> record) {
        String key = Optional.ofNullable(record.key())
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("");
        try {
            RecordMetadata where = producer.send(record).get();
            sent.add(new Sent(record.topic(), where.topic() + "-" + where.partition() + "@" + where.offset(), key));
        } catch (ExecutionException refused) {
            // A compacted topic rejects records without a key, so no service can receive one.
            if (!(refused.getCause() instanceof InvalidRecordException)) {
                throw new IllegalStateException("a record could not be sent to " + record.topic(), refused.getCause());
            }
        } catch (InterruptedException interrupted) {
            throw Await.ended(interrupted);
        }
    }

    /** All that are on their topics. */
    synchronized List<Sent> sent() {
        return List.copyOf(sent);
    }

    @Override
    public void close() {
        producer.close();
    }
}
