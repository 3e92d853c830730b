package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** All types of events, each with its topic and the class of its data. */
public enum EventType {
    /** A request, as the user sent it. */
    REQUESTED("io.lowpass.job.requested.v1", Topics.REQUESTS, JobRequested.class),
    /** A request with all defaults resolved: the job that samplers take. */
    RESOLVED("io.lowpass.job.resolved.v1", Topics.JOBS, Job.class),
    /** The request was accepted. */
    ACCEPTED("io.lowpass.job.accepted.v1", Topics.STATE, JobEvent.Accepted.class),
    /** The request was rejected. */
    REJECTED("io.lowpass.job.rejected.v1", Topics.STATE, JobEvent.Rejected.class),
    /** A sampler took the job. */
    STARTED("io.lowpass.job.started.v1", Topics.PROGRESS, JobEvent.Started.class),
    /** A sampler's run of the job began or ended. */
    RUN("io.lowpass.job.run.v1", Topics.RUNS, JobRun.class),
    /** A stage finished one step. */
    PROGRESS("io.lowpass.job.progress.v1", Topics.PROGRESS, JobEvent.Progress.class),
    /** A stage waits for an external condition, or resumes. */
    WAITING("io.lowpass.job.waiting.v1", Topics.PROGRESS, JobEvent.Waiting.class),
    /** The video is in the bucket. */
    COMPLETED("io.lowpass.job.completed.v1", Topics.STATE, JobEvent.Completed.class),
    /** An attempt failed. */
    FAILED("io.lowpass.job.failed.v1", Topics.STATE, JobEvent.Failed.class),
    /** A client asks to cancel the job. */
    CANCEL_REQUESTED("io.lowpass.job.cancel.requested.v1", Topics.CONTROL, JobEvent.CancelRequested.class),
    /** The job was cancelled. */
    CANCELLED("io.lowpass.job.cancelled.v1", Topics.STATE, JobEvent.Cancelled.class),
    /** The state of a worker, and which models it has in memory. */
    WORKER_STATE("io.lowpass.worker.state.v1", Topics.WORKERS, WorkerState.class);

    private final String text;
    private final String topic;
    private final Class<? extends Event> payload;

    EventType(String text, String topic, Class<? extends Event> payload) {
        this.text = text;
        this.topic = topic;
        this.payload = payload;
    }

    /** The type with this CloudEvents name, if it is one of these. */
    public static Optional<EventType> of(String text) {
        return Arrays.stream(values()).filter(type -> type.text.equals(text)).findFirst();
    }

    /** The CloudEvents name, the value of {@code ce_type}. */
    @JsonValue
    public String text() {
        return text;
    }

    /**
     * The CloudEvents {@code source}: the same for all services, so that source and id identify an event permanently.
     */
    public String source() {
        return payload == WorkerState.class ? "/lowpass/workers" : "/lowpass/jobs";
    }

    /** The topic that carries it. */
    public String topic() {
        return topic;
    }

    /** The class of its data. */
    public Class<? extends Event> payload() {
        return payload;
    }

    /** The CloudEvents name. */
    @Override
    public String toString() {
        return text;
    }
}
