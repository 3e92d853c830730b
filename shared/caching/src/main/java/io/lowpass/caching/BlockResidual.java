package io.lowpass.caching;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.Features;

/** What a run of blocks added to its input when it last ran, in one branch. */
public final class BlockResidual {

    private final Kept added;

    /** Knows nothing yet. */
    public BlockResidual(NDManager memory) {
        added = new Kept(memory);
    }

    /** Whether the blocks never ran. */
    public boolean isEmpty() {
        return added.isEmpty();
    }

    /** Runs all blocks, and remembers what they added. */
    public Features compute(BlockStack stack) {
        return compute(stack, 0, stack.depth(), stack.input());
    }

    /** Runs blocks {@code from} (inclusive) to {@code to} (exclusive), and remembers what they added. */
    public Features compute(BlockStack stack, int from, int to, Features in) {
        Features out = stack.run(from, to, in);
        added.set(out.minus(in));
        return out;
    }

    /** Adds what the blocks added when they last ran. */
    public Features replay(Features in) {
        return in.plus(added.get());
    }
}
