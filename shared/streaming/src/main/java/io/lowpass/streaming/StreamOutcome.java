package io.lowpass.streaming;

import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.JobEvent.Failure;
import java.time.Instant;
import java.util.Optional;

/**
 * How a stream will end although chunks may still come. It is said when the input ends: had the sender given up before,
 * the end of the job was the sender's to tell.
 *
 * @param failure for {@link Ending#FAILED}: why
 * @param now whether the end of the input is not waited for
 */
record StreamOutcome(Ending ending, String reason, Optional<Failure> failure, boolean now) {

    static StreamOutcome cancelled(String reason) {
        return new StreamOutcome(Ending.CANCELLED, reason, Optional.empty(), false);
    }

    static StreamOutcome failed(Failure failure) {
        return new StreamOutcome(Ending.FAILED, failure.message(), Optional.of(failure), false);
    }

    /** The stream's own bytes are broken: its end may never be seen. */
    static StreamOutcome broken(Failure failure) {
        return new StreamOutcome(Ending.FAILED, failure.message(), Optional.of(failure), true);
    }

    /** The event that tells it. */
    JobEvent event(String jobId, int attempt, int steps) {
        return failure.<JobEvent>map(why -> new JobEvent.Failed(jobId, attempt, Instant.now(), why, false))
                .orElseGet(() -> new JobEvent.Cancelled(jobId, attempt, Instant.now(), steps, reason));
    }
}
