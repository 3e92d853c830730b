package io.lowpass.ingestion;

import io.lowpass.streaming.CancellationToken;
import jakarta.enterprise.context.ApplicationScoped;

/** The tasks of this service on the control topic, which all services read. */
@ApplicationScoped
class ControlTopic {

    private final QueuedJobCancellation cancels;
    private final ControlDeadLetters letters;

    ControlTopic(QueuedJobCancellation cancels, ControlDeadLetters letters) {
        this.cancels = cancels;
        this.letters = letters;
    }

    /** Ends cancelled jobs that no sampler has, until {@code stop} is cancelled. */
    void endWaitingJobs(String bootstrapServers, CancellationToken stop) throws InterruptedException {
        cancels.run(bootstrapServers, stop);
    }

    /** Sends unreadable records to the dead-letter topic, until {@code stop} is cancelled. */
    void putAside(String bootstrapServers, CancellationToken stop) throws InterruptedException {
        letters.run(bootstrapServers, stop);
    }
}
