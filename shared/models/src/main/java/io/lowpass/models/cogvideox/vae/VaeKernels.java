package io.lowpass.models.cogvideox.vae;

import io.lowpass.tensor.Kernels;

/** The kernels of this package: immutable, compiled at their first use, kept as long as the class. */
final class VaeKernels {

    static final Kernels COMPILED = Kernels.compile(VaeKernels.class, "cogvideox-vae.torchscript");

    private VaeKernels() {}
}
