package io.lowpass.ingestion;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * How often the broker has refused what followed from one record, for what it is: to write the same again would be in
 * vain for ever, and all requests behind it would wait. Used by one thread.
 */
final class RefusedRecords {

    private record Trouble(long offset, int times, KafkaException error) {}

    private final Map<TopicPartition, Trouble> troubles = new HashMap<>();
    private Optional<ConsumerRecord<String, byte[]>> current = Optional.empty();

    /** The record that is dealt with now. */
    void look(ConsumerRecord<String, byte[]> record) {
        current = Optional.of(record);
    }

    /** A transaction failed; counts if that was for the sake of the record. */
    void over(KafkaException failure) {
        if (isOfRecord(failure)) {
            current.ifPresent(
                    record -> troubles.put(partition(record), new Trouble(record.offset(), times() + 1, failure)));
        }
    }

    private static boolean isOfRecord(Throwable failure) {
        return failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof SerializationException
                || (failure.getCause() != null && isOfRecord(failure.getCause()));
    }

    /** How often the record that is dealt with now was in the way. */
    int times() {
        return trouble().map(Trouble::times).orElse(0);
    }

    /** What the broker said last. */
    RuntimeException error() {
        return trouble().map(Trouble::error).orElseGet(() -> new KafkaException("nothing was refused"));
    }

    private Optional<Trouble> trouble() {
        return current.flatMap(record -> Optional.ofNullable(troubles.get(partition(record)))
                .filter(trouble -> trouble.offset() == record.offset()));
    }

    private static TopicPartition partition(ConsumerRecord<String, byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }
}
