package io.lowpass.sampler;

import org.apache.kafka.clients.consumer.AcknowledgeType;

/** What becomes of the record of a job when its run has ended. */
enum Acknowledgement {
    /** Done, in whichever way: no sampler needs to see it again. */
    ACCEPT(AcknowledgeType.ACCEPT),
    /** Another attempt may do better. */
    RELEASE(AcknowledgeType.RELEASE),
    /** Put aside in the dead-letter topic. */
    REJECT(AcknowledgeType.REJECT),
    /** The run stopped because its lock ran out; if the record is still here after all, it goes back. */
    NONE(AcknowledgeType.RELEASE);

    private final AcknowledgeType acknowledgement;

    Acknowledgement(AcknowledgeType acknowledgement) {
        this.acknowledgement = acknowledgement;
    }

    AcknowledgeType acknowledgement() {
        return acknowledgement;
    }
}
