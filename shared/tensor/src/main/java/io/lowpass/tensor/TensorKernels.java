package io.lowpass.tensor;

/** The kernels of this package: immutable, compiled at their first use, kept as long as the class. */
final class TensorKernels {

    static final Kernels COMPILED = Kernels.compile(TensorKernels.class, "tensors.torchscript");

    private TensorKernels() {}
}
