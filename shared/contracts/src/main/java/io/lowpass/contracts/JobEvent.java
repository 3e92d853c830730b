package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import io.lowpass.fields.Texts;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** An event of a job. It names the job, the attempt (0 before the first) and the time. */
public sealed interface JobEvent extends Event {

    /** The job. */
    String jobId();

    @Override
    default String subject() {
        return jobId();
    }

    /** Whether no event of this job may follow. */
    @JsonIgnore
    default boolean isTerminal() {
        return false;
    }

    /**
     * Whether it ends an existing job: each job has exactly one such event, whatever its attempt. A rejection does not
     * count, since another request may have been rejected for using the id of a running job.
     */
    default boolean endsJob() {
        return isTerminal() && !(this instanceof Rejected);
    }

    /**
     * The request was accepted.
     *
     * @param job the request with all defaults resolved
     * @param requestHash SHA-256 of the request in canonical form: distinguishes a repeated request from a different
     *     one with the same id
     */
    record Accepted(String jobId, Instant at, Job job, String requestHash) implements JobEvent {
        @Override
        public EventType type() {
            return EventType.ACCEPTED;
        }
    }

    /**
     * The request was rejected.
     *
     * @param errors the first {@link #MAX_ERRORS} errors
     * @param moreErrors number of further errors, if any
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Rejected(String jobId, Instant at, List<FieldError> errors, OptionalInt moreErrors) implements JobEvent {

        /** The most errors in one event. */
        public static final int MAX_ERRORS = 20;

        public Rejected {
            int untold = Math.max(0, errors.size() - MAX_ERRORS) + moreErrors.orElse(0);
            errors = errors.stream().limit(MAX_ERRORS).toList();
            moreErrors = untold == 0 ? OptionalInt.empty() : OptionalInt.of(untold);
        }

        /** A rejection with all its errors, as far as they fit. */
        public Rejected(String jobId, Instant at, List<FieldError> errors) {
            this(jobId, at, errors, OptionalInt.empty());
        }

        @Override
        public EventType type() {
            return EventType.REJECTED;
        }

        @Override
        public boolean isTerminal() {
            return true;
        }
    }

    /**
     * A sampler took the job.
     *
     * @param worker name of the sampler
     * @param device where it computes: cpu, gpu:0
     * @param model name of the model; absent in events of older samplers
     * @param warm whether the model was in memory already; if not, it was loaded for this job; absent as the model
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Started(
            String jobId,
            int attempt,
            Instant at,
            String worker,
            String device,
            Optional<String> model,
            Optional<Boolean> warm)
            implements JobEvent {
        @Override
        public EventType type() {
            return EventType.STARTED;
        }

        /** The time in milliseconds: an attempt that was handed back starts again. */
        @Override
        public long sequence() {
            return at.toEpochMilli();
        }
    }

    /** The stage that a progress event belongs to. */
    enum Stage {
        /** Encoding the prompt. */
        ENCODE(0),
        /** Denoising the latents, step by step. */
        DENOISE(1),
        /** Decoding the frames, latent frame by latent frame. */
        DECODE(2),
        /** Uploading the video, fragment by fragment. */
        UPLOAD(3);

        private final int place;

        Stage(int place) {
            this.place = place;
        }

        /** Name of the stage in events, in lower case. */
        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A stage finished one step.
     *
     * @param stage the stage
     * @param step number of steps finished in this stage, from 1
     * @param fraction finished share of the stage, 0 to 1
     * @param stepMs wall time of the step
     * @param etaMs estimated time until the end of the stage
     * @param cache the decision of the cache, for denoising steps
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Progress(
            String jobId,
            int attempt,
            Instant at,
            Stage stage,
            int step,
            int totalSteps,
            double fraction,
            double stepMs,
            double etaMs,
            Optional<CacheDecision> cache)
            implements JobEvent {

        /** Above the largest number of steps of a stage, so that sequence numbers of stages do not overlap. */
        private static final long STAGE_STRIDE = 1_000_000_000L;

        @Override
        public EventType type() {
            return EventType.PROGRESS;
        }

        /** The stage's number times 10⁹, plus the step: ascending in processing order. */
        @Override
        public long sequence() {
            return stage.place * STAGE_STRIDE + step;
        }
    }

    /**
     * A stage waits for an external condition, or resumes after such a wait.
     *
     * @param stage the stage
     * @param code machine-readable, dotted: what it waits for
     * @param reason the same as a sentence
     * @param over whether the wait is over
     */
    record Waiting(String jobId, int attempt, Instant at, Stage stage, String code, String reason, boolean over)
            implements JobEvent {
        @Override
        public EventType type() {
            return EventType.WAITING;
        }

        /** The time in milliseconds: a job may wait many times. */
        @Override
        public long sequence() {
            return at.toEpochMilli();
        }
    }

    /**
     * The video is in the bucket. Exactly one event per job.
     *
     * @param output the stored object
     * @param timings milliseconds by stage: queued, text, denoise, decode, upload, total
     * @param cache how many denoising steps were computed, reused or forecast
     * @param seed of the initial noise
     */
    record Completed(
            String jobId, int attempt, Instant at, Video output, Map<String, Long> timings, StepCounts cache, long seed)
            implements JobEvent {
        public Completed {
            timings = Map.copyOf(timings);
        }

        @Override
        public EventType type() {
            return EventType.COMPLETED;
        }

        @Override
        public boolean isTerminal() {
            return true;
        }
    }

    /**
     * An attempt failed.
     *
     * @param willRetry whether another attempt follows; if not, this is the end
     */
    record Failed(String jobId, int attempt, Instant at, Failure error, boolean willRetry) implements JobEvent {
        @Override
        public EventType type() {
            return EventType.FAILED;
        }

        @Override
        public boolean isTerminal() {
            return !willRetry;
        }
    }

    /**
     * Why an attempt failed.
     *
     * @param code machine-readable, dotted
     * @param errorClass how the failure is handled
     * @param message description, truncated to {@link #MAX_MESSAGE} characters
     */
    record Failure(String code, @JsonProperty("class") ErrorClass errorClass, String message) {

        /** The longest message, in characters. */
        public static final int MAX_MESSAGE = 2_000;

        public Failure {
            message = Texts.limit(message, MAX_MESSAGE);
        }
    }

    /** A client asks to cancel the job. The record's key is enough: time and reason have defaults. */
    record CancelRequested(String jobId, Instant at, String reason) implements JobEvent {

        /** The longest reason, in characters. */
        public static final int MAX_REASON = 500;

        /** The default reason. */
        public static final String NO_REASON = "no reason given";

        @Override
        public EventType type() {
            return EventType.CANCEL_REQUESTED;
        }
    }

    /** The job was cancelled after {@code atStep} denoising steps. */
    record Cancelled(String jobId, int attempt, Instant at, int atStep, String reason) implements JobEvent {

        public Cancelled {
            reason = Texts.limit(reason, CancelRequested.MAX_REASON);
        }

        @Override
        public EventType type() {
            return EventType.CANCELLED;
        }

        @Override
        public boolean isTerminal() {
            return true;
        }
    }
}
