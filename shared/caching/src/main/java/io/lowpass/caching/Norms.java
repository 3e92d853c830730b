package io.lowpass.caching;

import ai.djl.ndarray.NDArray;
import io.lowpass.tensor.Kernels;

/** Norms and distances of arrays, computed in f32 whatever their precision. */
public final class Norms {

    private static final Kernels KERNELS = Kernels.compile(Norms.class, "change.torchscript");

    private Norms() {}

    /** The L2 norm over all elements. */
    public static double norm(NDArray array) {
        return number("norm", array);
    }

    /** The mean magnitude of the elements. */
    public static double meanMagnitude(NDArray array) {
        return number("mean_magnitude", array);
    }

    /** Mean magnitude of the difference. */
    public static double meanDifference(NDArray now, NDArray before) {
        return number("mean_difference", now, before);
    }

    /** Mean magnitude of the difference, in units of the mean magnitude of {@code before}. */
    public static double relative(NDArray now, NDArray before) {
        return meanDifference(now, before) / meanMagnitude(before);
    }

    /**
     * The norm of each token relative to its earlier norm, averaged over tokens.
     *
     * @param now shape (1, tokens, width)
     * @param before the same shape
     */
    public static double magnitude(NDArray now, NDArray before) {
        return number("magnitude", now, before);
    }

    private static double number(String kernel, NDArray... arrays) {
        try (NDArray result = KERNELS.call(arrays[0].getManager(), kernel, (Object[]) arrays)) {
            return result.getFloat();
        }
    }
}
