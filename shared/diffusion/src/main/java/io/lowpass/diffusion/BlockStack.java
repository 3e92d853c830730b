package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;

/** The blocks of one branch's pass, as a cache sees them. */
public interface BlockStack {

    /** Input of the first block. */
    Features input();

    /** What is known before the first block runs, of what {@link ModelOutline#signals} names. */
    NDArray signal(Signal kind);

    /** Number of blocks. */
    int depth();

    /** Runs blocks {@code from} (inclusive) to {@code to} (exclusive). */
    Features run(int from, int to, Features features);

    /** Runs all blocks. */
    default Features runAll() {
        return run(0, depth(), input());
    }
}
