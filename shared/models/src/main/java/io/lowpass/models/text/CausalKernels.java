package io.lowpass.models.text;

import io.lowpass.tensor.Kernels;

/** The kernels of the text models whose tokens look back only: immutable, compiled at their first use. */
final class CausalKernels {

    static final Kernels COMPILED = Kernels.compile(CausalKernels.class, "causal.torchscript");

    private CausalKernels() {}
}
