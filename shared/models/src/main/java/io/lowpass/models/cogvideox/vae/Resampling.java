package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Doubles or halves height and width, and the number of frames if {@code time} says so; the first of an odd number of
 * frames then stays one frame. Frames doubled by repetition are equal, so each is convolved once.
 *
 * @param kernel what enlarges or reduces
 * @param conv weight and bias of the convolution in the plane
 */
record Resampling(String kernel, List<NDArray> conv, boolean time) implements Layer {

    @Override
    public Stage open() {
        return (batch, frames) -> {
            List<NDArray> results = batch.call(kernel, frames, conv, time);
            frames.forEach(NDArray::close);
            return results;
        };
    }
}
