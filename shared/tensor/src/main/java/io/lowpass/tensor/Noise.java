package io.lowpass.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Gaussian noise that depends only on the seed, on every machine and thread. */
public final class Noise {

    private Noise() {}

    /**
     * The numbers of {@code torch.randn(shape, generator=torch.Generator().manual_seed(seed))}, bit for bit, f32.
     *
     * <p>Drawn on the CPU, whatever the owner's device: the generators of devices differ from each other.
     *
     * @param owner the manager that the array belongs to
     * @param seed all 64 bits are taken; a negative seed means its two's complement, as in torch
     */
    public static NDArray normal(NDManager owner, long seed, Shape shape) {
        return TensorKernels.COMPILED.call(owner, "normal", shape.getShape(), seed);
    }
}
