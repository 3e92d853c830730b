package io.lowpass.sampler;

import org.apache.kafka.clients.consumer.AcknowledgeType;

/** How the record of a job is acknowledged when its run has ended. */
enum Acknowledgement {
    /** The job is finished, with any outcome: no sampler needs the record again. */
    ACCEPT(AcknowledgeType.ACCEPT),
    /** Another attempt may succeed. */
    RELEASE(AcknowledgeType.RELEASE),
    /** The record was sent to the dead-letter topic. */
    REJECT(AcknowledgeType.REJECT),
    /** The run stopped because its lock expired; if the record is still held, it is released. */
    NONE(AcknowledgeType.RELEASE);

    private final AcknowledgeType acknowledgement;

    Acknowledgement(AcknowledgeType acknowledgement) {
        this.acknowledgement = acknowledgement;
    }

    AcknowledgeType acknowledgement() {
        return acknowledgement;
    }
}
