package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Kernels;

/**
 * Single-head self-attention within a frame, added to the input.
 *
 * @param norm gamma of the RMS norm, shape (1, channels, 1, 1), scaled by the root of channels
 * @param qkv weight of the joint projection, shape (3 * channels, channels)
 * @param qkvBias shape (3 * channels)
 * @param proj weight of the output projection, shape (channels, channels)
 * @param projBias shape (channels)
 */
record FrameAttention(NDArray norm, NDArray qkv, NDArray qkvBias, NDArray proj, NDArray projBias) implements Layer {

    private static final Kernels KERNELS = VaeKernels.COMPILED;

    @Override
    public Stage open(NDManager memory) {
        return (frame, next) -> {
            NDArray result = KERNELS.call(memory, "attended", frame, norm, qkv, qkvBias, proj, projBias);
            frame.close();
            next.accept(result);
        };
    }
}
