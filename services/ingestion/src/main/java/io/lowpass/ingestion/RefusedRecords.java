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
 * Counts how often the broker rejected the results of a record because of their content: writing the same again would
 * fail forever and block all later requests. Used by one thread.
 */
final class RefusedRecords {

    private record Trouble(long offset, int times, KafkaException error) {}

    private final Map<TopicPartition, Trouble> troubles = new HashMap<>();
    private Optional<ConsumerRecord<String, byte[]>> current = Optional.empty();

    /** Sets the current record. */
    void current(ConsumerRecord<String, byte[]> record) {
        current = Optional.of(record);
    }

    /** Counts a failed transaction, if the record's content was the cause. */
    void failed(KafkaException failure) {
        if (isOfRecord(failure)) {
            current.ifPresent(
                    record -> troubles.put(partition(record), new Trouble(record.offset(), count() + 1, failure)));
        }
    }

    private static boolean isOfRecord(Throwable failure) {
        return failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof SerializationException
                || (failure.getCause() != null && isOfRecord(failure.getCause()));
    }

    /** How often the current record was rejected. */
    int count() {
        return trouble().map(Trouble::times).orElse(0);
    }

    /** The broker's last error. */
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
