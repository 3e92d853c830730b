package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Site;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import java.util.function.Supplier;

/**
 * Decides at three levels whether to compute or to reuse. Each method wraps a computation and either runs it or returns
 * a replacement; a caching method overrides the level at which it works.
 *
 * <p>One instance serves one generation, on one thread, and is never reset. Arrays that it keeps between steps belong
 * to the memory of its {@link Generation}.
 */
public interface FeatureCache {

    /** Computes everything. */
    FeatureCache NONE = new FeatureCache() {};

    /** Wraps the guided prediction of a step: both branches and guidance. */
    default NDArray predict(Step step, Prediction prediction) {
        return prediction.compute();
    }

    /** Wraps the blocks of one branch's pass, between embedding and head. */
    default Features blocks(Step step, Branch branch, BlockStack stack) {
        return stack.runAll();
    }

    /**
     * Wraps one sub-layer of one block of one branch's pass, before its gate. Results that are not moved to the
     * generation's memory are freed when the block ends.
     */
    default Features subLayer(Step step, Branch branch, Site site, Supplier<Features> compute) {
        return compute.get();
    }

    /** Whether {@link #subLayer} is used; if not, a model may fuse its blocks. */
    default boolean worksOnSubLayers() {
        return false;
    }

    /** The decision of the step that just ended. */
    default StepDecision decision(Step step) {
        return StepDecision.computed("uncached");
    }
}
