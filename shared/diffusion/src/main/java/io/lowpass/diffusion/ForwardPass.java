package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;

/** One run through a {@link VideoTransformer}: after its embedding, before its first block. */
public interface ForwardPass {

    /** The embedded tokens, input of block 0. */
    Features input();

    /**
     * What is known before the first block runs; asked only for what {@link VideoTransformer#signals} names.
     *
     * @return of {@link Signal#INPUT} an array of its own, which the caller may keep; the others may be the step's
     */
    NDArray signal(Signal kind);

    /** Number of blocks. */
    int depth();

    /**
     * Runs one block.
     *
     * @param subLayers called around each sub-layer, with what it contributes to the residual stream before gating
     * @return new arrays; whatever else the block makes is freed when it has run
     */
    Features block(int index, Features features, SubLayers subLayers);

    /** Projects the output of the last block to a prediction shaped like the latents. */
    NDArray head(Features features);
}
