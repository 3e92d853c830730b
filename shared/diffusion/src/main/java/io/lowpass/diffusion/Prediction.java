package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.conditioning.Branch;
import java.util.function.UnaryOperator;

/** The guided prediction of one step, as a cache sees it. */
public interface Prediction {

    /** The latents of this step, shape (1, channels, frames, height, width), f32. */
    NDArray latents();

    /** Computes the prediction from {@link #latents()}: all branches, with the inner cache levels and guidance. */
    NDArray compute();

    /**
     * Predicts from other, usually smaller, latents at the same timestep: all branches and blocks, without caching,
     * with guidance.
     *
     * @param reduction derives the other latents from {@link #latents()}, and from what the model concatenates to their
     *     channels, whose number may differ; frames, height and width of the result must be multiples of the model's
     *     patch
     */
    NDArray probe(UnaryOperator<NDArray> reduction);

    /** Computes one branch, with the inner cache levels. */
    NDArray branch(Branch branch);

    /** Combines the predictions of the branches as the sampler does. */
    NDArray guide(NDArray conditioned, NDArray unconditioned);
}
