package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/**
 * What is noted of the newest run of a job, so that the next sampler knows how the last one ended. The last event of a
 * job tells all; samplers write it as if they were one.
 *
 * @param attempt that the run belongs to: 1, and one more for each run that began and came to a bad end
 * @param run number of the run among all of the job, 0 before the first; everything that it sends carries it
 * @param copy which copy of the job's record counts, 0 for the one that ingestion wrote; older ones are passed over
 * @param deliveries how often the broker had delivered that copy when the run began
 * @param state how far the run has come
 * @param worker which sampler
 */
public record JobRun(
        String jobId, int attempt, Instant at, int run, int copy, int deliveries, State state, String worker)
        implements Event {

    /** How far a run has come. */
    public enum State {
        /** It began; if nobody is at it any more, it came to a bad end. */
        BEGUN,
        /** Its worker let it go through no fault of the job: its attempt is run again. */
        HANDED_BACK,
        /** It came to a bad end. */
        FAILED,
        /** All latents are on their topic, or the job has ended: no further run. */
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
