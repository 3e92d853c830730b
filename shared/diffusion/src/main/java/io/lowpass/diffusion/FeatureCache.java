package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;

/**
 * Decides, at three levels, whether to compute or to reuse. Each method is called around a computation and either runs
 * it or returns something in its place; a method of the literature overrides the level it works at.
 *
 * <p>One instance serves one generation, on one thread, so it is never reset. What it keeps between steps it gives to
 * the memory of its {@link Generation}.
 */
public interface FeatureCache {

    /** Computes everything. */
    FeatureCache NONE = new FeatureCache() {};

    /** Around the guided prediction of a step: both branches and guidance. */
    default NDArray predict(Step step, Prediction prediction) {
        return prediction.compute();
    }

    /** Around the blocks of one branch's pass, between embedding and head. */
    default Features blocks(Step step, Branch branch, BlockStack stack) {
        return stack.runAll();
    }

    /**
     * Around one sub-layer of one block of one branch's pass, before its gate. What is computed here and not given to
     * the memory of the generation is freed when the block ends.
     */
    default Features subLayer(Step step, Branch branch, Site site, Supplier<Features> compute) {
        return compute.get();
    }

    /** Whether {@link #subLayer} ever interposes; where not, a model may fuse its blocks. */
    default boolean worksOnSubLayers() {
        return false;
    }

    /** What was decided at the step that just ended, and why. */
    default StepDecision decision(Step step) {
        return StepDecision.computed("uncached");
    }
}
