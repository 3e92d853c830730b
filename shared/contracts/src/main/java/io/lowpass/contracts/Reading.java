package io.lowpass.contracts;

import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The result of reading a record: its content, or why it is unreadable.
 *
 * @param <T> type of the content
 */
public sealed interface Reading<T> {

    /** The content. */
    record Content<T>(T value) implements Reading<T> {}

    /**
     * The record is not what its topic expects; reading it again changes nothing.
     *
     * @param record the record as received
     * @param reason the reason, always short
     */
    record Unreadable<T>(ConsumerRecord<String, byte[]> record, String reason) implements Reading<T> {

        /** The position of the record and the reason. */
        public String message() {
            return MalformedRecordException.describe(record, reason);
        }
    }

    /** The content, if the record is readable. */
    default Optional<T> found() {
        return this instanceof Content<T> content ? Optional.of(content.value()) : Optional.empty();
    }

    /**
     * The content.
     *
     * @throws MalformedRecordException if the record is unreadable
     */
    default T orElseThrow() {
        if (this instanceof Unreadable<T> unreadable) {
            throw new MalformedRecordException(unreadable.record(), unreadable.reason());
        }
        return found().orElseThrow();
    }
}
