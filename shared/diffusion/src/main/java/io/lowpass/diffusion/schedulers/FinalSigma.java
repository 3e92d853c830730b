package io.lowpass.diffusion.schedulers;

/** The noise level after the last step. */
public enum FinalSigma {
    /** No noise is left. */
    ZERO,
    /** The lowest level of training. */
    SIGMA_MIN
}
