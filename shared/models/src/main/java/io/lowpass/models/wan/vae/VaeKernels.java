package io.lowpass.models.wan.vae;

import io.lowpass.tensor.Kernels;

/** The kernels of this package: immutable, compiled at their first use, kept as long as the class. */
final class VaeKernels {

    static final Kernels COMPILED = Kernels.compile(VaeKernels.class, "wan-vae.torchscript");

    private VaeKernels() {}
}
