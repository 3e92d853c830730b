package io.lowpass.caching.sea;

import ai.djl.ndarray.NDArray;
import io.lowpass.tensor.Kernels;

/** A Wiener filter for a signal with a power-law spectrum: low-pass at high noise, everything at low noise. */
final class WienerFilter {

    private static final Kernels KERNELS = Kernels.compile(WienerFilter.class, "wiener.torchscript");

    private WienerFilter() {}

    /**
     * Filters frames, height and width of each channel.
     *
     * @param latents shape (1, channels, frames, height, width), f32
     * @param sigma their noise level
     * @param power exponent of the signal's spectrum
     */
    static NDArray apply(NDArray latents, double sigma, double power) {
        return KERNELS.call(latents.getManager(), "filtered", latents, sigma, power);
    }
}
