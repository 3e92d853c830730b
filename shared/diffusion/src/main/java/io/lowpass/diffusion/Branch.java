package io.lowpass.diffusion;

/** The prompt that a pass follows. */
public enum Branch {
    /** The prompt. */
    CONDITIONED,
    /** The negative prompt. */
    UNCONDITIONED
}
