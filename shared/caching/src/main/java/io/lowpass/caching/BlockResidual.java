package io.lowpass.caching;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.blocks.Features;

/** The residual of the whole block stack: what all blocks added to their input when they last ran, in one branch. */
public final class BlockResidual {

    private final KeptFeatures added;

    /** Starts without a residual. */
    public BlockResidual(NDManager memory) {
        added = new KeptFeatures(memory);
    }

    /** Whether the blocks have never run. */
    public boolean isEmpty() {
        return added.isEmpty();
    }

    /** Runs all blocks and keeps their residual. */
    public Features compute(BlockStack stack) {
        Features in = stack.input();
        Features out = stack.run(0, stack.depth(), in);
        added.set(out.minus(in));
        return out;
    }

    /** Adds the kept residual to the input. */
    public Features replay(Features in) {
        return in.plus(added.get());
    }
}
