package io.lowpass.sampler;

import ai.djl.ndarray.NDArray;
import io.lowpass.contracts.StepCounts;
import java.util.Map;

/**
 * The result of a generation.
 *
 * @param frames normalised latents as the sampler leaves them, shape (1, channels, frames, height, width), f32
 * @param timings milliseconds by stage: text, denoise
 * @param steps numbers of computed, reused and forecast steps
 */
public record Latents(NDArray frames, Map<String, Long> timings, StepCounts steps) implements AutoCloseable {

    @Override
    public void close() {
        frames.close();
    }
}
