package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/**
 * An event of the contract, sent as a CloudEvent: a request, a resolved job, a change of a job or of its runs, or the
 * state of a worker.
 */
public sealed interface Event permits JobRequested, Job, JobEvent, JobRun, WorkerState {

    /** The job or worker that it is about: the record's key and the event's subject. */
    String subject();

    /** When it happened. */
    Instant at();

    /** The type of the event, which determines its topic. */
    @JsonIgnore
    EventType type();

    /**
     * The attempt at the job that this belongs to: 1 for the first, and one more after each failed run; 0 before a
     * sampler takes the job.
     */
    default int attempt() {
        return 0;
    }

    /** Number of the event among the events of its type in this attempt. */
    default long sequence() {
        return 0;
    }

    /**
     * The permanent id of the event: {@code {subject}:{attempt}:{type}:{sequence}}. It stays the same when the event is
     * sent again, so readers can drop duplicates.
     */
    default String id() {
        return subject() + ":" + attempt() + ":" + type() + ":" + sequence();
    }
}
