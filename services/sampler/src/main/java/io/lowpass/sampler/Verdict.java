package io.lowpass.sampler;

import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;

/** What becomes of the record of a job when its run has ended. */
enum Verdict {
    /** Done, in whichever way: no sampler needs to see it again. */
    ACCEPT(AcknowledgeType.ACCEPT),
    /** Another attempt may do better. */
    RELEASE(AcknowledgeType.RELEASE),
    /** Put aside in the dead-letter topic. */
    REJECT(AcknowledgeType.REJECT),
    /** The record belongs to somebody else by now, or is given back by closing the consumer. */
    NONE(null);

    private final Optional<AcknowledgeType> acknowledgement;

    Verdict(@org.jspecify.annotations.Nullable AcknowledgeType acknowledgement) {
        this.acknowledgement = Optional.ofNullable(acknowledgement);
    }

    Optional<AcknowledgeType> acknowledgement() {
        return acknowledgement;
    }
}
