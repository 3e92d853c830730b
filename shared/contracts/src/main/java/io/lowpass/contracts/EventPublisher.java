package io.lowpass.contracts;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * Sends events and chunks. The records of one job stay in order; a future completes when the broker has acknowledged
 * the record.
 */
public final class EventPublisher implements AutoCloseable {

    private static final Duration CLOSING = Duration.ofSeconds(10);

    private final Producer<String, byte[]> producer;

    /** Sends through the given producer, and closes it. */
    public EventPublisher(Producer<String, byte[]> producer) {
        this.producer = producer;
    }

    /** Creates a producer and sends through it. */
    public static EventPublisher to(String bootstrapServers) {
        return new EventPublisher(new KafkaProducer<>(KafkaSettings.producer(bootstrapServers)));
    }

    /** Sends the event to the topic of its type. */
    public CompletableFuture<RecordMetadata> send(Event event) {
        return send(Events.record(event));
    }

    /** Sends the chunk to the topic. */
    public CompletableFuture<RecordMetadata> send(String topic, Chunk chunk) {
        return send(Chunks.record(topic, chunk));
    }

    /** Sends the record. */
    public CompletableFuture<RecordMetadata> send(ProducerRecord<String, byte[]> record) {
        CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
        var unused = producer.send(record, (metadata, error) -> {
            if (error == null) {
                sent.complete(metadata);
            } else {
                sent.completeExceptionally(error);
            }
        });
        return sent;
    }

    /** Waits until everything sent so far has been acknowledged or has failed. */
    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close(CLOSING);
    }
}
