package io.lowpass.local.recovery;

import io.lowpass.contracts.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** What is committed to a topic. */
final class Watched implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(120);
    private static final Duration POLL = Duration.ofMillis(20);

    private final KafkaConsumer<String, byte[]> consumer;

    /** What comes after this call. */
    Watched(String bootstrapServers, String topic) {
        consumer = new KafkaConsumer<>(KafkaSettings.consumer(bootstrapServers));
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** The same, and what was there before. */
    static Watched fromTheBeginning(String bootstrapServers, String topic) {
        Watched watched = new Watched(bootstrapServers, topic);
        watched.consumer.seekToBeginning(watched.consumer.assignment());
        return watched;
    }

    /** Waits for a record. */
    ConsumerRecord<String, byte[]> await(Predicate<ConsumerRecord<String, byte[]>> wanted) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<ConsumerRecord<String, byte[]>> found = Optional.empty();
            for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                found = found.or(() -> Optional.of(record).filter(wanted));
            }
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new IllegalStateException("nothing came of it within " + LONGEST.toSeconds() + " s");
    }

    @Override
    public void close() {
        consumer.close();
    }
}
