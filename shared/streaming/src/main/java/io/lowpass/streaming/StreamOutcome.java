package io.lowpass.streaming;

import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Failure;
import java.time.Instant;
import java.util.Optional;

/**
 * How a stream will end although more chunks may come. It is published when the input ends: if the sender aborts the
 * stream before that, the sender publishes the end of the job.
 *
 * @param failure for {@link Ending#FAILED}: the reason
 * @param now whether to publish it without waiting for the end of the input
 */
record StreamOutcome(Ending ending, String reason, Optional<Failure> failure, boolean now) {

    static StreamOutcome cancelled(String reason) {
        return new StreamOutcome(Ending.CANCELLED, reason, Optional.empty(), false);
    }

    static StreamOutcome failed(Failure failure) {
        return new StreamOutcome(Ending.FAILED, failure.message(), Optional.of(failure), false);
    }

    /** The stream is corrupt: its end may never arrive. */
    static StreamOutcome broken(Failure failure) {
        return new StreamOutcome(Ending.FAILED, failure.message(), Optional.of(failure), true);
    }

    /** The event that announces it. */
    JobEvent event(String jobId, int attempt, int steps) {
        return failure.<JobEvent>map(why -> new JobEvent.Failed(jobId, attempt, Instant.now(), why, false))
                .orElseGet(() -> new JobEvent.Cancelled(jobId, attempt, Instant.now(), steps, reason));
    }
}
