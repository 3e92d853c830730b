package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/** What travels as a CloudEvent: a request, a resolved job, what happens to a job and to its runs, or how a worker is. */
public sealed interface Event permits JobRequested, Job, JobEvent, JobRun, WorkerState {

    /** What it is about, a job or a worker: key of the record and subject of the event. */
    String subject();

    /** When it happened. */
    Instant at();

    /** What kind of event it is, which also names its topic. */
    @JsonIgnore
    EventType type();

    /** The attempt at the job that this belongs to: 1, and one more for each run that came to a bad end; 0 before any sampler took it. */
    default int attempt() {
        return 0;
    }

    /** Number of the event among those of its type in its attempt. */
    default long sequence() {
        return 0;
    }

    /**
     * Names the event for ever: {@code {subject}:{attempt}:{type}:{sequence}}. The same when the event is sent again, so
     * that a reader can drop what it has seen.
     */
    default String id() {
        return subject() + ":" + attempt() + ":" + type() + ":" + sequence();
    }
}
