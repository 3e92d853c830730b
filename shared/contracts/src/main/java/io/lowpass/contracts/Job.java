package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A request with every default resolved, the drawn seed included: what the samplers take.
 *
 * @param jobId names the job in every event, key and object
 * @param model name of the model in the samplers' catalogue
 * @param numFrames frames of the video, 4n + 1
 * @param fps frames per second of the video
 * @param steps denoising steps
 * @param guidanceScale classifier-free guidance; 1 or less: none. What the model is told, where it is told of it
 * @param flowShift shift of the noise schedule towards high noise
 * @param scheduler solver of the sampling equation: euler, unipc, dpm++, ddim, sde-dpm++, rflow
 * @param seed of the initial noise
 * @param requestedAt when the request was accepted
 * @param guidanceScale2 guidance of the second of two experts; as the first's if absent
 * @param trueCfgScale classifier-free guidance on top of what a model is told that is told of its guidance; 1 or less, or
 *     absent: none
 * @param useDynamicCfg whether the guidance grows from step to step; if absent, it does not
 * @param image what the video starts with, for models that start from an image
 * @param lastImage what the video ends with, for models that lead from one image to another
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

    /** The same with the kinds of guidance that only some models have a use for. */
    public Job withGuidance(OptionalDouble guidance2, OptionalDouble trueCfg, Optional<Boolean> dynamicCfg) {
        return with(guidance2, trueCfg, dynamicCfg, image, lastImage);
    }

    /** The same with the images that only some models have a use for. */
    public Job withImages(Optional<InlineImage> first, Optional<InlineImage> last) {
        return with(guidanceScale2, trueCfgScale, useDynamicCfg, first, last);
    }

    /** The same without its images, for whoever has no use for them: they are most of its bytes. */
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
