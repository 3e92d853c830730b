package io.lowpass.diffusion.conditioning;

/** The branches of classifier-free guidance. */
public enum Branch {
    /** Conditioned on the prompt. */
    CONDITIONED,
    /** Conditioned on the negative prompt. */
    UNCONDITIONED
}
