package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Kernels;
import java.util.function.Consumer;

/**
 * A convolution over a frame and the two before it, computed frame by frame as a convolution in the plane: the three
 * frames lie side by side on the channel axis. On the CPU that is several times faster than a convolution in space and
 * time. Frames before the video are zeros; their part of the weights is left out.
 *
 * @param weight shape (out, taps * in, height, width), channels last
 * @param bias shape (out)
 */
record CausalConv(NDArray weight, NDArray bias) implements Layer {

    private static final Kernels KERNELS = VaeKernels.COMPILED;

    /** Convolves a frame whose history is kept outside. */
    NDArray apply(NDManager owner, NDArray... frames) {
        return KERNELS.call(owner, "conv", frames, weight, bias);
    }

    /** Convolves, and adds {@code other}. */
    NDArray applyAndAdd(NDManager owner, NDArray[] frames, NDArray other) {
        return KERNELS.call(owner, "conv_add", frames, weight, bias, other);
    }

    @Override
    public Stage open(NDManager memory) {
        History history = new History();
        return (frame, next) -> next.accept(history.through(frame, frames -> apply(memory, frames)));
    }

    /** A stage for a convolution over one frame only. */
    Stage openPointwise(NDManager memory) {
        return (NDArray frame, Consumer<NDArray> next) -> {
            NDArray result = apply(memory, frame);
            frame.close();
            next.accept(result);
        };
    }
}
