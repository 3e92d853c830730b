package io.lowpass.ingestion;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.lowpass.contracts.Event;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.Output;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The state of one job.
 *
 * @param state its state
 * @param attempt the newest known attempt, 0 before a sampler takes it
 * @param updatedAt time of the newest event
 * @param job the request with all defaults resolved
 * @param requestHash hash of the original request
 * @param progress the newest progress of any stage
 * @param end the event that ended it, or the last failure
 * @param waiting what it waits for, while it does
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record JobView(
        String jobId,
        State state,
        int attempt,
        Instant updatedAt,
        Optional<Job> job,
        @JsonIgnore Optional<String> requestHash,
        Optional<JobEvent.Progress> progress,
        Optional<JobEvent> end,
        Optional<JobEvent.Waiting> waiting) {

    /** The state of a job. */
    public enum State {
        /** Waits for a sampler. */
        QUEUED,
        /** A sampler has it. */
        RUNNING,
        /** An attempt failed and another follows. */
        RETRYING,
        /** The video is in the bucket. */
        COMPLETED,
        /** The last attempt failed. */
        FAILED,
        /** It was cancelled. */
        CANCELLED,
        /** The request was rejected. */
        REJECTED;

        /** Whether the job has ended. */
        public boolean isTerminal() {
            return compareTo(COMPLETED) >= 0;
        }

        /** Whether no worker has it and one may take it. */
        boolean isWaiting() {
            return this == QUEUED || this == RETRYING;
        }

        /** Name of the state in answers, in lower case. */
        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The location of its video; empty if it failed, was cancelled, or never became a job. */
    Optional<Output> claim() {
        if (state.isTerminal() && state != State.COMPLETED) {
            return Optional.empty();
        }
        // Of an old job only the end may still be on the topic.
        return job.map(Job::output)
                .or(() -> end.filter(JobEvent.Completed.class::isInstance)
                        .map(last -> ((JobEvent.Completed) last).output())
                        .map(video -> new Output(video.bucket(), video.key())));
    }

    /** The state after a job's first event. */
    static JobView of(Event event) {
        JobView unknown = new JobView(
                event.subject(),
                State.QUEUED,
                0,
                event.at(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return unknown.after(event);
    }

    /**
     * The state after one more event. Events may be repeated, or come late from an earlier attempt: neither takes a job
     * back, and nothing follows its end. An end counts even if its sender did not know of the newest attempt, since
     * each job has only one end.
     */
    JobView after(Event event) {
        if (event instanceof JobEvent.Accepted accepted) {
            return new JobView(
                    jobId,
                    state,
                    attempt,
                    updatedAt,
                    Optional.of(accepted.job()),
                    Optional.of(accepted.requestHash()),
                    progress,
                    end,
                    waiting);
        }
        if (event.attempt() < attempt && !endsJob(event)) {
            return this;
        }
        if (event instanceof JobEvent.Progress step) {
            return after(step);
        }
        if (state.isTerminal()) {
            return this;
        }
        if (event instanceof JobEvent.Waiting wait) {
            return after(wait);
        }
        // An attempt that was handed back restarts at its first step.
        Optional<JobEvent.Progress> kept = event instanceof JobEvent.Started ? Optional.empty() : progress;
        return stateAfter(event)
                .map(next -> with(next, event, kept, next == State.RUNNING ? Optional.empty() : end(event)))
                .orElse(this);
    }

    private static boolean endsJob(Event event) {
        return event instanceof JobEvent happened && happened.endsJob();
    }

    private JobView after(JobEvent.Progress step) {
        Optional<JobEvent.Progress> newest = progress.filter(
                        last -> last.attempt() == step.attempt() && last.sequence() > step.sequence())
                .or(() -> Optional.of(step));
        // The end may be read before the last step, since they are on different topics.
        return state.isTerminal()
                ? new JobView(jobId, state, attempt, updatedAt, job, requestHash, newest, end, Optional.empty())
                : with(State.RUNNING, step, newest, Optional.empty());
    }

    private JobView after(JobEvent.Waiting wait) {
        Optional<JobEvent.Waiting> now = Optional.of(wait).filter(begun -> !begun.over());
        return new JobView(
                jobId, state, Math.max(attempt, wait.attempt()), wait.at(), job, requestHash, progress, end, now);
    }

    private static Optional<State> stateAfter(Event event) {
        return Optional.ofNullable(
                switch (event.type()) {
                    case STARTED -> State.RUNNING;
                    case COMPLETED -> State.COMPLETED;
                    case CANCELLED -> State.CANCELLED;
                    case REJECTED -> State.REJECTED;
                    case FAILED -> ((JobEvent) event).isTerminal() ? State.FAILED : State.RETRYING;
                    default -> null;
                });
    }

    private static Optional<JobEvent> end(Event event) {
        return event instanceof JobEvent happened ? Optional.of(happened) : Optional.empty();
    }

    private JobView with(State next, Event event, Optional<JobEvent.Progress> newest, Optional<JobEvent> newEnd) {
        return new JobView(
                jobId,
                next,
                Math.max(attempt, event.attempt()),
                event.at(),
                job,
                requestHash,
                newest,
                newEnd,
                Optional.empty());
    }
}
