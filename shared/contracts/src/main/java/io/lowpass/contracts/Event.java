package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;

/** What travels as a CloudEvent: a request, a resolved job, or something that happened to a job. */
public sealed interface Event permits JobRequested, Job, JobEvent {

    /** The job: key of the record and subject of the event. */
    String jobId();

    /** When it happened. */
    Instant at();

    /** What kind of event it is, which also names its topic. */
    @JsonIgnore
    EventType type();

    /** The delivery of the job record that this belongs to, from 1; 0 before any sampler took it. */
    default int attempt() {
        return 0;
    }

    /** Number of the event among those of its type in its attempt. */
    default long sequence() {
        return 0;
    }

    /**
     * Names the event for ever: {@code {jobId}:{attempt}:{type}:{sequence}}. The same when the event is sent again, so
     * that a reader can drop what it has seen.
     */
    default String id() {
        return jobId() + ":" + attempt() + ":" + type() + ":" + sequence();
    }
}
