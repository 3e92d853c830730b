package io.lowpass.caching.faster;

import ai.djl.ndarray.NDArray;
import io.lowpass.tensor.Kernels;

/** Splits latents into low and high frequencies, frame by frame. */
final class Bands {

    private static final Kernels KERNELS = Kernels.compile(Bands.class, "bands.torchscript");

    private Bands() {}

    /**
     * The frequencies within a disc of radius {@code floor(fraction · min(height, width))}, for each frame and channel.
     *
     * @param latents shape (1, channels, frames, height, width); computed in f32
     */
    static NDArray low(NDArray latents, double fraction) {
        long side = Math.min(latents.getShape().get(3), latents.getShape().get(4));
        return KERNELS.call(latents.getManager(), "low", latents, (long) Math.floor(fraction * side));
    }
}
