package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;

/** The blocks of one branch's pass, as a cache sees them. */
public interface BlockStack {

    /** Input of the first block. */
    Features input();

    /**
     * A signal that is available before the first block runs; one of {@link ModelOutline#signals}.
     *
     * @return for {@link Signal#INPUT} a new array; the others may be shared by the branches of a step
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
