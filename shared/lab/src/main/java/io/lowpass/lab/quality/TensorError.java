package io.lowpass.lab.quality;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.lowpass.tensor.Kernels;

/**
 * The error of a tensor relative to a stored reference: max|ours - expected| / max|expected|.
 *
 * <p>Where the reference itself is not finite (a solver that divides by the last noise level, 0), nothing is compared.
 *
 * <p>Frames of 8 bits are rounded numbers, so a difference of one level is allowed in at most one value of 200, and
 * none larger.
 */
public final class TensorError implements AutoCloseable {

    private static final double SHARE_OF_FRAMES = 0.005;

    private final Kernels kernels = Kernels.compile(TensorError.class, "error.torchscript");

    /**
     * The error of one tensor, on a scale where {@code tolerance} is the most that passes.
     *
     * @return infinity where shapes differ, where a number is not finite though the reference's is, or where frames differ by more than one level
     */
    public double of(NDArray ours, NDArray expected, double tolerance) {
        if (!ours.getShape().equals(expected.getShape())) {
            return Double.POSITIVE_INFINITY;
        }
        if (expected.getDataType() != DataType.UINT8) {
            return kernels.number("relative", ours, expected);
        }
        if (kernels.number("worst_level", ours, expected) > 1) {
            return Double.POSITIVE_INFINITY;
        }
        return kernels.number("share_off", ours, expected) / SHARE_OF_FRAMES * tolerance;
    }

    @Override
    public void close() {
        kernels.close();
    }
}
