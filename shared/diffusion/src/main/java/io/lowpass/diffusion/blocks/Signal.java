package io.lowpass.diffusion.blocks;

/** Signals that are available before the first block runs, from which methods estimate how much the output changes. */
public enum Signal {
    /** The input of block 0 after timestep modulation. */
    INPUT,
    /** The embedding of the timestep, the same for every prompt. */
    TIME,
    /** The projection of that embedding to the modulation of the blocks. */
    TIME_PROJECTION
}
