package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A convolution over a frame and the two before it, the first of which stands for those before the video.
 *
 * @param conv weight and bias
 */
record Causal(List<NDArray> conv) implements Layer {

    @Override
    public Stage open() {
        Window window = new Window();
        return (batch, frames) -> window.split(batch, batch.call("causal", frames, window.before(), conv));
    }
}
