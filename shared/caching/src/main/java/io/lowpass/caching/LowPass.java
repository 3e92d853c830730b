package io.lowpass.caching;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Arrays;
import java.util.stream.IntStream;

/**
 * The low frequencies of images: the bins of a 2-D discrete Fourier transform, zero frequency in the middle, within a
 * centred disc of radius {@code floor(fraction · min(height, width))}.
 *
 * <p>If the radius is 0, as for images less than 5 high or wide with the paper's fraction of 0.2, the disc contains
 * only the zero frequency, and the "low frequencies" are the mean of each image.
 *
 * <p>Only those bins are computed, as two matrix products; for few bins this is several times faster than a full FFT.
 */
public final class LowPass {

    private final NDArray rows;
    private final NDArray columns;
    private final NDArray disc;
    private final int bins;

    /**
     * Prepares the transform of one size.
     *
     * @param memory owner of its tables
     */
    public LowPass(NDManager memory, int height, int width, double fraction) {
        int radius = (int) Math.floor(fraction * Math.min(height, width));
        int[] ys = frequencies(height, radius);
        int[] xs = frequencies(width, radius);
        rows = Arrays.keep(waves(memory, ys, height), memory);
        try (NDArray across = waves(memory, xs, width);
                NDArray view = across.transpose()) {
            // A copy, because the view does not keep the array's Java buffer alive.
            columns = Arrays.keep(view.duplicate(), memory);
        }
        float[] inside = new float[ys.length * xs.length];
        int count = 0;
        for (int i = 0; i < inside.length; i++) {
            int y = ys[i / xs.length];
            int x = xs[i % xs.length];
            if (y * y + x * x <= radius * radius) {
                inside[i] = 1;
                count++;
            }
        }
        disc = Arrays.keep(memory.create(inside, new Shape(ys.length, xs.length)), memory);
        bins = count;
    }

    /** Number of bins in the disc. */
    public int bins() {
        return bins;
    }

    /**
     * Root mean square of the magnitudes in the disc, over all images: the transform is not normalised.
     *
     * @param images shape (…, height, width), f32
     */
    public double rms(NDArray images) {
        Shape shape = images.getShape();
        long count = shape.size() / shape.get(shape.dimension() - 1) / shape.get(shape.dimension() - 2);
        NDList spectrum = spectrum(images);
        double power = spectrum.get(0)
                .square()
                .add(spectrum.get(1).square())
                .mul(disc)
                .sum()
                .getFloat();
        return Math.sqrt(power / (count * (double) bins));
    }

    /**
     * Images without the frequencies outside the disc.
     *
     * @param images shape (…, height, width), f32
     */
    public NDArray low(NDArray images) {
        Shape shape = images.getShape();
        int axis = shape.dimension() - 2;
        NDList spectrum = spectrum(images);
        NDArray real = spectrum.get(0).mul(disc);
        NDArray imaginary = spectrum.get(1).mul(disc);
        NDArray cosines = real.concat(imaginary, axis + 1);
        NDArray sines = imaginary.concat(real.neg(), axis + 1);
        NDArray waves = cosines.concat(sines, axis);
        double pixels = (double) shape.get(axis) * shape.get(axis + 1);
        return rows.transpose().matMul(waves).matMul(columns.transpose()).div(pixels);
    }

    /** Real and negated imaginary parts of the bins around the disc. */
    private NDList spectrum(NDArray images) {
        int axis = images.getShape().dimension() - 2;
        NDList halves = rows.matMul(images.matMul(columns)).split(2, axis);
        NDList cosines = halves.get(0).split(2, axis + 1);
        NDList sines = halves.get(1).split(2, axis + 1);
        return new NDList(cosines.get(0).sub(sines.get(1)), sines.get(0).add(cosines.get(1)));
    }

    /** The frequencies of an axis within the radius, in the order of a transform with zero in the middle. */
    private static int[] frequencies(int size, int radius) {
        return IntStream.range(0, size)
                .map(i -> i - size / 2)
                .filter(frequency -> Math.abs(frequency) <= radius)
                .toArray();
    }

    /** Cosines of all frequencies, then sines, shape (2 frequencies, size). */
    private static NDArray waves(NDManager manager, int[] frequencies, int size) {
        float[] values = new float[2 * frequencies.length * size];
        for (int i = 0; i < frequencies.length * size; i++) {
            double angle = 2 * Math.PI * frequencies[i / size] * (i % size) / size;
            values[i] = (float) Math.cos(angle);
            values[frequencies.length * size + i] = (float) Math.sin(angle);
        }
        return manager.create(values, new Shape(2L * frequencies.length, size));
    }
}
