package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayers;

/** One pass through a {@link VideoTransformer}, after the embedding and before the first block. */
public interface ForwardPass {

    /** The embedded tokens, input of block 0. */
    Features input();

    /**
     * A signal that is available before the first block runs; one of {@link VideoTransformer#signals}.
     *
     * @return for {@link Signal#INPUT} a new array, which the caller may keep; the others may be shared
     */
    NDArray signal(Signal kind);

    /** Number of blocks. */
    int depth();

    /**
     * Runs one block.
     *
     * @param subLayers wraps each sub-layer, whose result is its contribution to the residual stream before gating
     * @return new arrays; everything else that the block allocates is freed
     */
    Features block(int index, Features features, SubLayers subLayers);

    /** Projects the output of the last block to a prediction shaped like the latents. */
    NDArray head(Features features);
}
