package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/** The guided prediction of one step, as a cache sees it. */
public interface Prediction {

    /** The latents of this step, shape (1, channels, frames, height, width), f32. */
    NDArray latents();

    /** Predicts from {@link #latents()}: all branches, inner levels apply, guided. */
    NDArray compute();

    /**
     * Predicts from other, usually smaller, latents at the same time: all branches, all blocks, no caching, guided.
     *
     * @param reduction makes the other latents of {@link #latents()}, and of what the model appends to their channels,
     *     of which the number may differ; frames, height and width must come out as multiples of the model's patch
     */
    NDArray probe(UnaryOperator<NDArray> reduction);

    /** Predicts one branch; inner levels apply. */
    NDArray branch(Branch branch);

    /** Joins the predictions of the branches as the sampler does. */
    NDArray guide(NDArray conditioned, NDArray unconditioned);
}
