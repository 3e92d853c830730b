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
 * @param guidanceScale classifier-free guidance; 1 or less: none
 * @param flowShift shift of the noise schedule towards high noise
 * @param scheduler solver of the sampling equation: euler, unipc, dpm++
 * @param seed of the initial noise
 * @param requestedAt when the request was accepted
 * @param guidanceScale2 guidance of the second of two experts; as the first's if absent
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
        Optional<InlineImage> image,
        Optional<InlineImage> lastImage)
        implements Event {

    public Job {
        metadata = Map.copyOf(metadata);
    }

    /** The same with what only some models have a use for. */
    public Job with(OptionalDouble guidance2, Optional<InlineImage> first, Optional<InlineImage> last) {
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
                first,
                last);
    }

    /** The same without its images, for whoever has no use for them: they are most of its bytes. */
    public Job withoutImages() {
        return with(guidanceScale2, Optional.empty(), Optional.empty());
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
