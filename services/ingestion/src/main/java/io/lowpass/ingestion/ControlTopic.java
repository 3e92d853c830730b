package io.lowpass.ingestion;

import jakarta.enterprise.context.ApplicationScoped;

/** What this service does with the control topic, which all services read: what is nobody else's business. */
@ApplicationScoped
class ControlTopic {

    private final WaitingCancels cancels;
    private final ControlLetters letters;

    ControlTopic(WaitingCancels cancels, ControlLetters letters) {
        this.cancels = cancels;
        this.letters = letters;
    }

    /** Ends jobs that shall stop and that no sampler has, until {@code stop} says so. */
    void endWaitingJobs(String bootstrapServers, StopSign stop) throws InterruptedException {
        cancels.run(bootstrapServers, stop);
    }

    /** Puts aside what nobody can read, until {@code stop} says so. */
    void putAside(String bootstrapServers, StopSign stop) throws InterruptedException {
        letters.run(bootstrapServers, stop);
    }
}
