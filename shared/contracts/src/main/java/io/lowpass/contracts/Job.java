package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

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
        Instant requestedAt)
        implements Event {

    public Job {
        metadata = Map.copyOf(metadata);
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
