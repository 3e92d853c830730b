package io.lowpass.ingestion;

import io.lowpass.streaming.CancellationToken;
import jakarta.enterprise.context.ApplicationScoped;

/** What this service does with the control topic, which all services read: what is nobody else's business. */
@ApplicationScoped
class ControlTopic {

    private final QueuedJobCancellation cancels;
    private final ControlDeadLetters letters;

    ControlTopic(QueuedJobCancellation cancels, ControlDeadLetters letters) {
        this.cancels = cancels;
        this.letters = letters;
    }

    /** Ends jobs that shall stop and that no sampler has, until {@code stop} says so. */
    void endWaitingJobs(String bootstrapServers, CancellationToken stop) throws InterruptedException {
        cancels.run(bootstrapServers, stop);
    }

    /** Puts aside what nobody can read, until {@code stop} says so. */
    void putAside(String bootstrapServers, CancellationToken stop) throws InterruptedException {
        letters.run(bootstrapServers, stop);
    }
}
