package io.lowpass.contracts;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What reading a record came to: what it holds, or why nobody can read it.
 *
 * @param <T> what it should hold
 */
public sealed interface Reading<T> {

    /** The record holds this. */
    record Content<T>(T value) implements Reading<T> {}

    /**
     * The record is not what its topic expects. To read it again changes nothing.
     *
     * @param record as it came
     * @param reason in words, short whatever the record holds
     */
    record Unreadable<T>(ConsumerRecord<String, byte[]> record, String reason) implements Reading<T> {

        /** Where the record is and what is wrong with it. */
        public String message() {
            return MalformedRecordException.describe(record, reason);
        }
    }

    /** What the record holds, if it can be read. */
    default Optional<T> found() {
        return this instanceof Content<T> content ? Optional.of(content.value()) : Optional.empty();
    }

    /**
     * What the record holds.
     *
     * @throws MalformedRecordException if it cannot be read
     */
    default T orElseThrow() {
        if (this instanceof Unreadable<T> unreadable) {
            throw new MalformedRecordException(unreadable.record(), unreadable.reason());
        }
        return found().orElseThrow();
    }
}
