package io.lowpass.diffusion.schedulers;

/** The noise level after the last step. */
public enum FinalLevel {
    /** No noise is left. */
    ZERO,
    /** The lowest level of training. */
    SIGMA_MIN
}
