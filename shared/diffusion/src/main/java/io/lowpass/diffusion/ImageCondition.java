package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The image that a video starts from, or the two between which it lies, as an image-to-video transformer takes them.
 *
 * @param latents what every step appends to the channels of the noisy latents, shape (1, channels, frames, height,
 *     width), f32
 * @param states hidden states of a vision encoder, shape (1, rows, width), f32, where the transformer attends to them
 */
public record ImageCondition(NDArray latents, Optional<NDArray> states) {

    /** The condition of a probe, whose latents are smaller: the cells that are left of the latents are left of it. */
    ImageCondition reduced(UnaryOperator<NDArray> reduction) {
        return new ImageCondition(reduction.apply(latents), states);
    }

    /** Frees the arrays. */
    public void free() {
        latents.close();
        states.ifPresent(NDArray::close);
    }
}
