package io.lowpass.contracts;

import io.lowpass.fields.Texts;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What happened to a job. Every event names the job, the attempt it belongs to (0: none yet) and the time. */
public sealed interface JobEvent extends Event {

    /** The job. */
    String jobId();

    @Override
    default String subject() {
        return jobId();
    }

    /** Whether nothing may follow for this job. */
    @JsonIgnore
    default boolean isTerminal() {
        return false;
    }

    /**
     * Whether it ends a job that there is, and so is the only such event of the job, whatever its attempt. A rejection
     * ends none: another request may have been refused for bearing the id of a job that runs.
     */
    default boolean endsJob() {
        return isTerminal() && !(this instanceof Rejected);
    }

    /**
     * The request was taken.
     *
     * @param job the request with every default resolved
     * @param requestHash SHA-256 of the request in canonical form: tells a repeated request from another one under the
     *     same id
     */
    record Accepted(String jobId, Instant at, Job job, String requestHash) implements JobEvent {
        @Override
        public EventType type() {
            return EventType.ACCEPTED;
        }
    }

    /**
     * The request was refused.
     *
     * @param errors what is wrong with it; the first {@link #MAX_ERRORS} if there is more
     * @param moreErrors how many errors are not told, if any
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record Rejected(String jobId, Instant at, List<FieldError> errors, OptionalInt moreErrors) implements JobEvent {

        /** Most errors that one event tells. */
        public static final int MAX_ERRORS = 20;

        public Rejected {
            int untold = Math.max(0, errors.size() - MAX_ERRORS) + moreErrors.orElse(0);
            errors = errors.stream().limit(MAX_ERRORS).toList();
            moreErrors = untold == 0 ? OptionalInt.empty() : OptionalInt.of(untold);
        }

        /** A rejection that tells everything, unless it is too much. */
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
     * @param worker which sampler
     * @param device where it computes: cpu, gpu:0
     * @param model name of the model; events of samplers before this was told lack it
     * @param warm whether the model was in memory already; if not, it was loaded for this job; lacking as the model
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

        /** The time in milliseconds: an attempt that was handed back is started again. */
        @Override
        public long sequence() {
            return at.toEpochMilli();
        }
    }

    /** The part of the work that a progress event counts. */
    enum Stage {
        /** The prompt. */
        ENCODE(0),
        /** The latents, step by step. */
        DENOISE(1),
        /** The frames, latent frame by latent frame. */
        DECODE(2),
        /** The object, fragment by fragment. */
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
     * One stage went one step further.
     *
     * @param stage which part of the work
     * @param step steps finished in this stage, from 1
     * @param fraction of the stage, 0 to 1
     * @param stepMs wall time of the step
     * @param etaMs estimated time until the end of the stage
     * @param cache what the cache did, for denoising steps
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

        /** More steps than a stage may have: keeps the sequences of the stages apart. */
        private static final long STAGE_STRIDE = 1_000_000_000L;

        @Override
        public EventType type() {
            return EventType.PROGRESS;
        }

        /** The stage's number times 10⁹, and the step: ascending in the order in which a job passes them. */
        @Override
        public long sequence() {
            return stage.place * STAGE_STRIDE + step;
        }
    }

    /**
     * A stage waits for something that only others can mend, or goes on after such a wait.
     *
     * @param stage which part of the work
     * @param code machine-readable, dotted: what is waited for
     * @param reason the same for people
     * @param over whether the wait is over
     */
    record Waiting(String jobId, int attempt, Instant at, Stage stage, String code, String reason, boolean over)
            implements JobEvent {
        @Override
        public EventType type() {
            return EventType.WAITING;
        }

        /** The time: a job may wait many times. */
        @Override
        public long sequence() {
            return at.toEpochMilli();
        }
    }

    /**
     * The video is in the bucket; exactly one per job.
     *
     * @param output the object
     * @param timings milliseconds by stage: queued, text, denoise, decode, upload, total
     * @param cache denoising steps by what became of them
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
     * An attempt ended badly.
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
     * Why an attempt ended.
     *
     * @param code machine-readable, dotted
     * @param errorClass what may be done about it
     * @param message for people, at most {@link #MAX_MESSAGE} characters: what is longer is cut
     */
    record Failure(String code, @JsonProperty("class") ErrorClass errorClass, String message) {

        /** Longest message. */
        public static final int MAX_MESSAGE = 2_000;

        public Failure {
            message = Texts.limit(message, MAX_MESSAGE);
        }
    }

    /** Somebody wants the job to stop. On Kafka the record's key is enough: time and reason have defaults. */
    record CancelRequested(String jobId, Instant at, String reason) implements JobEvent {

        /** Most characters of a reason. */
        public static final int MAX_REASON = 500;

        /** The reason of who gives none. */
        public static final String NO_REASON = "no reason given";

        @Override
        public EventType type() {
            return EventType.CANCEL_REQUESTED;
        }
    }

    /** The job stopped because it was asked to, after {@code atStep} denoising steps. */
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
