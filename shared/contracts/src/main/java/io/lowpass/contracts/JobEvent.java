package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What happened to a job. Every event names the job, the attempt it belongs to (0: none yet) and the time. */
public sealed interface JobEvent {

    /** The job. */
    String jobId();

    /** The delivery of the job record that this belongs to, from 1; 0 before any sampler took it. */
    int attempt();

    /** When it happened. */
    Instant at();

    /** CloudEvents type. */
    default String type() {
        return switch (getClass().getSimpleName()) {
            case "CancelRequested" -> "io.lowpass.job.cancel.requested.v1";
            default -> "io.lowpass.job." + getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT) + ".v1";
        };
    }

    /** Number of the event among those of its type in its attempt. */
    default long sequence() {
        return 0;
    }

    /** Whether nothing may follow for this job. */
    default boolean isTerminal() {
        return false;
    }

    /** The request was taken; {@code job} shows every default resolved. */
    record Accepted(String jobId, Instant at, Job job) implements JobEvent {
        @Override
        public int attempt() {
            return 0;
        }
    }

    /** The request was refused; {@code errors} names every bad field. */
    record Rejected(String jobId, Instant at, List<FieldError> errors) implements JobEvent {
        @Override
        public int attempt() {
            return 0;
        }

        @Override
        public boolean isTerminal() {
            return true;
        }
    }

    /**
     * One thing wrong with a request.
     *
     * @param code machine-readable, dotted: {@code VALIDATION.SIZE.MULTIPLE}
     * @param field path of the field: {@code cache.alpha}
     * @param value the value, shortened
     * @param allowed what would be right
     */
    record FieldError(String code, String field, String value, String allowed) {}

    /**
     * A sampler took the job.
     *
     * @param worker which sampler
     * @param device where it computes: cpu, gpu:0
     */
    record Started(String jobId, int attempt, Instant at, String worker, String device) implements JobEvent {}

    /**
     * One stage went one step further.
     *
     * @param stage encode, denoise, decode or upload
     * @param step steps finished in this stage
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
            String stage,
            int step,
            int totalSteps,
            double fraction,
            double stepMs,
            double etaMs,
            Optional<CacheDecision> cache)
            implements JobEvent {
        @Override
        public long sequence() {
            return step;
        }
    }

    /**
     * What the cache did at a denoising step.
     *
     * @param decision compute, reuse or forecast
     * @param blocksSkipped blocks that were replayed within a computed step, by index
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record CacheDecision(
            String decision,
            String reason,
            OptionalDouble distance,
            OptionalDouble accumulated,
            OptionalDouble threshold,
            List<Integer> blocksSkipped) {}

    /**
     * The video is in the bucket; exactly one per job.
     *
     * @param output the object
     * @param timings milliseconds by stage: queued, text, denoise, decode, upload, total
     * @param cache denoising steps by what became of them
     */
    record Completed(
            String jobId,
            int attempt,
            Instant at,
            Video output,
            Map<String, Long> timings,
            StepCounts cache,
            long seed)
            implements JobEvent {
        @Override
        public boolean isTerminal() {
            return true;
        }
    }

    /** The object that a job made. */
    record Video(
            String bucket,
            String key,
            String uri,
            String mime,
            long bytes,
            String sha256,
            int width,
            int height,
            int frames,
            int fps) {}

    /** Denoising steps by what became of them. */
    record StepCounts(int steps, int computed, int reused, int forecast) {}

    /**
     * An attempt ended badly.
     *
     * @param willRetry whether another attempt follows; if not, this is the end
     */
    record Failed(String jobId, int attempt, Instant at, Failure error, boolean willRetry) implements JobEvent {
        @Override
        public boolean isTerminal() {
            return !willRetry;
        }
    }

    /**
     * Why an attempt ended.
     *
     * @param code machine-readable, dotted
     * @param errorClass retryable, permanent or poison
     */
    record Failure(String code, @JsonProperty("class") String errorClass, String message) {}

    /** Somebody wants the job to stop. */
    record CancelRequested(String jobId, Instant at, String reason) implements JobEvent {
        @Override
        public int attempt() {
            return 0;
        }
    }

    /** The job stopped because it was asked to, after {@code atStep} denoising steps. */
    record Cancelled(String jobId, int attempt, Instant at, int atStep, String reason) implements JobEvent {
        @Override
        public boolean isTerminal() {
            return true;
        }
    }
}
