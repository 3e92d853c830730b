package io.lowpass.diffusion.schedulers.noise;

/** The sigma after the last step; the names are those of {@code final_sigmas_type}. */
public enum FinalSigma {
    /** No remaining noise. */
    ZERO,
    /** The lowest sigma of the training schedule. */
    SIGMA_MIN
}
