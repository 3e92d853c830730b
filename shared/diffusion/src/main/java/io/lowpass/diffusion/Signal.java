package io.lowpass.diffusion;

/** What a pass knows before its first block runs, from which a method may guess how much the output will move. */
public enum Signal {
    /** The input of block 0 after timestep modulation. */
    INPUT,
    /** The embedding of the timestep, the same for every prompt. */
    TIME,
    /** The projection of that embedding to the modulations of the blocks. */
    TIME_PROJECTION
}
