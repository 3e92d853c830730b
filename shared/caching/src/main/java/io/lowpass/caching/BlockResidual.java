package io.lowpass.caching;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.Features;

/** What all blocks added to their input when they last ran, in one branch. */
public final class BlockResidual {

    private final KeptFeatures added;

    /** Knows nothing yet. */
    public BlockResidual(NDManager memory) {
        added = new KeptFeatures(memory);
    }

    /** Whether the blocks never ran. */
    public boolean isEmpty() {
        return added.isEmpty();
    }

    /** Runs all blocks, and remembers what they added. */
    public Features compute(BlockStack stack) {
        Features in = stack.input();
        Features out = stack.run(0, stack.depth(), in);
        added.set(out.minus(in));
        return out;
    }

    /** Adds what the blocks added when they last ran. */
    public Features replay(Features in) {
        return in.plus(added.get());
    }
}
