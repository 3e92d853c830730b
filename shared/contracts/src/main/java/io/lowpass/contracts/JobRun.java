package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/**
 * The newest run of a job, recorded so that the next sampler knows how the previous run ended. Only the last such event
 * of a job counts; all samplers write it under one fence.
 *
 * @param attempt the attempt that the run belongs to: 1 for the first, and one more after each failed run
 * @param run number of the run of this job, 0 before the first; everything that the run sends carries it
 * @param copy which copy of the job's record is valid, 0 for the one from ingestion; older copies are ignored
 * @param deliveries how often the broker had delivered that copy when the run began
 * @param state how far the run has come
 * @param worker name of the sampler
 */
public record JobRun(
        String jobId, int attempt, Instant at, int run, int copy, int deliveries, State state, String worker)
        implements Event {

    /** How far a run has come. */
    public enum State {
        /** It began. If its worker is gone, it counts as failed. */
        BEGUN,
        /** Its worker stopped for a reason that is not the job's fault: the same attempt runs again. */
        HANDED_BACK,
        /** It failed. */
        FAILED,
        /** All latents are published, or the job has ended: no further run. */
        DONE;

        /** Name of the state in events, in lower case. */
        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @Override
    public String subject() {
        return jobId;
    }

    /** The time in milliseconds. */
    @Override
    public long sequence() {
        return at.toEpochMilli();
    }

    @Override
    public EventType type() {
        return EventType.RUN;
    }
}
