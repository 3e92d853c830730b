package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Twice group norm, SiLU and causal convolution, added to the input.
 *
 * @param shortcut weight and bias of what the input passes through if it has other channels than the output, or none
 */
record ResidualBlock(GroupNorm norm1, List<NDArray> conv1, GroupNorm norm2, List<NDArray> conv2, List<NDArray> shortcut)
        implements Layer {

    @Override
    public Stage open() {
        NormedCausal first = new NormedCausal(norm1, conv1);
        NormedCausal second = new NormedCausal(norm2, conv2);
        Window window1 = new Window();
        Window window2 = new Window();
        return (batch, frames) -> {
            List<NDArray> inner = first.apply("normed_causal", window1, batch, frames);
            List<NDArray> base = frames;
            if (!shortcut.isEmpty()) {
                base = batch.call("shortcut", frames, shortcut);
                frames.forEach(NDArray::close);
            }
            // Adds to the base in its place: a batch of frames is large.
            List<NDArray> sum = second.apply("normed_causal_into_", window2, batch, inner, base);
            inner.forEach(NDArray::close);
            base.forEach(NDArray::close);
            return sum;
        };
    }
}
