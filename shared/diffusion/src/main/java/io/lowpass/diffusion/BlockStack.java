package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;

/** The blocks of one branch's pass, as a cache sees them. */
public interface BlockStack {

    /** Input of the first block. */
    Features input();

    /**
     * What is known before the first block runs, of what {@link ModelOutline#signals} names.
     *
     * @return of {@link Signal#INPUT} an array of its own, computed by this call; the others may be the step's, which all
     *     branches see
     */
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
