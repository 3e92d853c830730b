package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Kernels;

/**
 * The last norm, SiLU and causal convolution.
 *
 * @param norm gamma of the RMS norm, shape (1, channels, 1, 1), scaled by the root of channels
 */
record Head(NDArray norm, CausalConv conv) implements Layer {

    private static final Kernels KERNELS = VaeKernels.COMPILED;

    @Override
    public Stage open(NDManager memory) {
        History before = new History();
        return (frame, next) -> {
            NDArray active = KERNELS.call(memory, "activated", frame, norm);
            frame.close();
            next.accept(before.through(active, frames -> conv.apply(memory, frames)));
        };
    }
}
