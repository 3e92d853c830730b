package io.lowpass.diffusion.conditioning;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The encoded initial image of a video, or its first and last image, in the form that image-to-video transformers take.
 *
 * @param latents concatenated with the noisy latents along the channels at every step, shape (1, channels, frames,
 *     height, width), f32
 * @param states hidden states of a vision encoder, shape (1, rows, width), f32, if the transformer attends to them
 */
public record ImageCondition(NDArray latents, Optional<NDArray> states) {

    /** The condition of a probe: downsampled in the same way as its latents. */
    public ImageCondition reduced(UnaryOperator<NDArray> reduction) {
        return new ImageCondition(reduction.apply(latents), states);
    }

    /** Frees the arrays. */
    public void free() {
        latents.close();
        states.ifPresent(NDArray::close);
    }
}
