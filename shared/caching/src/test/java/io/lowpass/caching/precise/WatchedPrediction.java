package io.lowpass.caching.precise;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;

/** A policy that counts how often its inner level is asked, and how many arrays it holds between steps. */
final class WatchedPrediction implements CachePolicy {

    private final CachePolicy policy;
    private int passes;
    private int mostArrays;

    WatchedPrediction(CachePolicy policy) {
        this.policy = policy;
    }

    int passes() {
        return passes;
    }

    int mostArrays() {
        return mostArrays;
    }

    @Override
    public FeatureCache open(Generation generation) {
        FeatureCache cache = policy.open(generation);
        return new FeatureCache() {
            @Override
            public NDArray predict(Step step, Prediction prediction) {
                mostArrays = Math.max(
                        mostArrays, generation.memory().getManagedArrays().size());
                return cache.predict(step, prediction);
            }

            @Override
            public Features blocks(Step step, Branch branch, BlockStack stack) {
                passes++;
                return cache.blocks(step, branch, stack);
            }

            @Override
            public StepDecision decision(Step step) {
                return cache.decision(step);
            }
        };
    }
}
