package io.lowpass.contracts;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record that violates the contract. Retrying does not help: it belongs on the dead-letter topic. */
public final class MalformedRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public MalformedRecordException(ConsumerRecord<?, ?> record, String reason) {
        super(describe(record, reason));
    }

    public MalformedRecordException(ConsumerRecord<?, ?> record, String reason, Throwable cause) {
        super(describe(record, reason), cause);
    }

    static String describe(ConsumerRecord<?, ?> record, String reason) {
        return "The record at " + record.topic() + "-" + record.partition() + " offset " + record.offset()
                + " is malformed: " + reason;
    }
}
