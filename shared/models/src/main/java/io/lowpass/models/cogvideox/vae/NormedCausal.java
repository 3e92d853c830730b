package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A group norm, SiLU and a causal convolution.
 *
 * @param conv weight and bias
 */
record NormedCausal(GroupNorm norm, List<NDArray> conv) implements Layer {

    @Override
    public Stage open() {
        Window window = new Window();
        return (batch, frames) -> {
            List<NDArray> results = apply("normed_causal", window, batch, frames);
            frames.forEach(NDArray::close);
            return results;
        };
    }

    /** Convolves frames, which stay. */
    List<NDArray> apply(String kernel, Window window, Batch batch, List<NDArray> frames, Object... more) {
        Object[] arguments = new Object[8 + more.length];
        Object[] first = {
            frames,
            window.before(),
            batch.latents(),
            norm.times(frames.size(), batch.latents().size()),
            norm.weights(),
            conv,
            norm.groups(),
            norm.epsilon()
        };
        System.arraycopy(first, 0, arguments, 0, first.length);
        System.arraycopy(more, 0, arguments, first.length, more.length);
        return window.split(batch, batch.call(kernel, arguments));
    }
}
