package io.lowpass.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Gaussian noise drawn in pieces from one seed: the same numbers as repeated calls of {@code torch.randn} with one
 * generator. For one thread.
 */
public final class NoiseStream implements AutoCloseable {

    private final Kernels.Opaque generator;

    /**
     * Starts a stream.
     *
     * @param seed as in {@link Noise#normal}, which equals the first draw
     */
    public NoiseStream(long seed) {
        this.generator = TensorKernels.COMPILED.object("generator", seed);
    }

    /**
     * Draws the next numbers, f32, on the CPU.
     *
     * @param owner the manager that the array belongs to
     */
    public NDArray next(NDManager owner, Shape shape) {
        return TensorKernels.COMPILED.call(owner, "normal_next", shape.getShape(), generator);
    }

    @Override
    public void close() {
        generator.close();
    }
}
