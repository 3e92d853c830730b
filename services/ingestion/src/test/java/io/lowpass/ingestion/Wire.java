package io.lowpass.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.lowpass.contracts.Event;
import io.lowpass.contracts.EventPublisher;
import io.lowpass.contracts.EventSchemas;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.KafkaSettings;
import io.lowpass.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends to the service and sees everything that it sends, as any other client of the broker. */
final class Wire implements AutoCloseable {

    private final EventSchemas schemas = new EventSchemas();
    private final EventPublisher publisher;
    private final KafkaConsumer<String, byte[]> reader;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

    Wire(String bootstrapServers) {
        Map<String, Object> config = new HashMap<>(KafkaSettings.producer(bootstrapServers));
        // A topic takes records that are small enough once they are compressed.
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "gzip");
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 << 20);
        publisher = new EventPublisher(new KafkaProducer<>(config));
        reader = new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers));
        var partitions = Partitions.all(reader, Topics.STATE, Topics.JOBS, Topics.CONTROL, Topics.DEAD_LETTER);
        reader.assign(partitions);
        reader.seekToEnd(partitions);
        partitions.forEach(reader::position);
    }

    void send(Event event) {
        publisher.send(event).join();
    }

    void request(String key, byte[] body) {
        publisher.send(new ProducerRecord<>(Topics.REQUESTS, key, body)).join();
    }

    void send(ProducerRecord<String, byte[]> record) {
        publisher.send(record).join();
    }

    /** Everything seen so far. */
    List<ConsumerRecord<String, byte[]>> seen() {
        reader.poll(Duration.ofMillis(50)).forEach(seen::add);
        return List.copyOf(seen);
    }

    /** The events about the job so far. */
    List<Event> about(String jobId) {
        return seen().stream()
                .filter(record -> !record.topic().equals(Topics.DEAD_LETTER))
                .filter(record -> jobId.equals(record.key()))
                .map(this::read)
                .toList();
    }

    private Event read(ConsumerRecord<String, byte[]> record) {
        assertThat(schemas.check(record)).isEmpty();
        return Events.read(record);
    }

    /** Waits for an event of this type about the job. */
    <T extends Event> T expect(String jobId, Class<T> type) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> about(jobId).stream()
                                .filter(type::isInstance)
                                .map(type::cast)
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /** Waits for a dead letter with the key. */
    ConsumerRecord<String, byte[]> expectDeadLetter(String key) {
        return await().atMost(Duration.ofSeconds(60))
                .until(
                        () -> seen().stream()
                                .filter(record -> record.topic().equals(Topics.DEAD_LETTER))
                                .filter(record -> key.equals(record.key()))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /**
     * Sends a request behind all that went to the same partition, and waits until it is taken: then whatever followed
     * from those before is here.
     */
    void settle(String behind, String jobId) {
        int partition = Partitions.of(reader, Topics.REQUESTS, behind).partition();
        byte[] body = "{\"prompt\": \"settles\"}".getBytes(StandardCharsets.UTF_8);
        send(new ProducerRecord<>(Topics.REQUESTS, partition, jobId, body));
        expect(jobId, Job.class);
    }

    @Override
    public void close() {
        publisher.close();
        reader.close();
    }
}
