package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A request with all defaults resolved, including the drawn seed: what samplers take.
 *
 * @param jobId names the job in every event, key and object
 * @param model name of the model in the samplers' catalogue
 * @param numFrames frames of the video, 4n + 1
 * @param fps frames per second of the video
 * @param steps denoising steps
 * @param guidanceScale scale of classifier-free guidance, 1 or less for none; for models with embedded guidance, the
 *     value that they receive
 * @param flowShift shift of the noise schedule towards higher noise
 * @param scheduler the sampling algorithm: euler, unipc, dpm++, ddim, sde-dpm++, rflow
 * @param seed seed of the initial noise
 * @param requestedAt when the request was accepted
 * @param guidanceScale2 guidance scale of the second of two experts; if absent, as the first
 * @param trueCfgScale classifier-free guidance in addition to embedded guidance; none if absent, or 1 or less
 * @param useDynamicCfg whether the guidance scale grows from step to step; false if absent
 * @param image the first frame, for image-to-video models
 * @param lastImage the last frame, for models that interpolate between two images
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Job(
        String jobId,
        String prompt,
        String negativePrompt,
        String model,
        Size size,
        int numFrames,
        int fps,
        int steps,
        double guidanceScale,
        double flowShift,
        String scheduler,
        long seed,
        CacheSettings cache,
        Output output,
        Optional<String> idempotencyKey,
        Map<String, String> metadata,
        Instant requestedAt,
        OptionalDouble guidanceScale2,
        OptionalDouble trueCfgScale,
        Optional<Boolean> useDynamicCfg,
        Optional<InlineImage> image,
        Optional<InlineImage> lastImage)
        implements Event {

    public Job {
        metadata = Map.copyOf(metadata);
    }

    /** A copy with the guidance settings that only some models use. */
    public Job withGuidance(OptionalDouble guidance2, OptionalDouble trueCfg, Optional<Boolean> dynamicCfg) {
        return with(guidance2, trueCfg, dynamicCfg, image, lastImage);
    }

    /** A copy with the images that only some models use. */
    public Job withImages(Optional<InlineImage> first, Optional<InlineImage> last) {
        return with(guidanceScale2, trueCfgScale, useDynamicCfg, first, last);
    }

    /** A copy without images, which are most of its bytes. */
    public Job withoutImages() {
        return withImages(Optional.empty(), Optional.empty());
    }

    private Job with(
            OptionalDouble guidance2,
            OptionalDouble trueCfg,
            Optional<Boolean> dynamicCfg,
            Optional<InlineImage> first,
            Optional<InlineImage> last) {
        return new Job(
                jobId,
                prompt,
                negativePrompt,
                model,
                size,
                numFrames,
                fps,
                steps,
                guidanceScale,
                flowShift,
                scheduler,
                seed,
                cache,
                output,
                idempotencyKey,
                metadata,
                requestedAt,
                guidance2,
                trueCfg,
                dynamicCfg,
                first,
                last);
    }

    @Override
    public String subject() {
        return jobId;
    }

    @Override
    public Instant at() {
        return requestedAt;
    }

    @Override
    public EventType type() {
        return EventType.RESOLVED;
    }
}
