package io.lowpass.caching.precise;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;

/** PreciseCache (Wang et al., 2026): {@link LFCache} around the step, {@link BlockCache} within it. */
public record PreciseCache(LFCache steps, BlockCache blocks) implements CachePolicy {

    @Override
    public void requireFit(ModelOutline model, int count) {
        steps.requireFit(model, count);
        blocks.requireFit(model, count);
    }

    @Override
    public FeatureCache open(Generation generation) {
        FeatureCache outer = steps.open(generation);
        FeatureCache inner = blocks.open(generation);
        return new FeatureCache() {
            @Override
            public NDArray predict(Step step, Prediction prediction) {
                return outer.predict(step, prediction);
            }

            @Override
            public Features blocks(Step step, Branch branch, BlockStack stack) {
                return inner.blocks(step, branch, stack);
            }

            @Override
            public StepDecision decision(Step step) {
                StepDecision decision = outer.decision(step);
                return decision.action() == Action.COMPUTE
                        ? inner.decision(step)
                                .blocks()
                                .map(decision::withBlocks)
                                .orElse(decision)
                        : decision;
            }
        };
    }
}
