package io.lowpass.caching.fixed;

import ai.djl.ndarray.NDArray;
import io.lowpass.caching.KeptFeatures;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import io.lowpass.diffusion.steps.StepRange;
import java.util.Collections;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Computes the steps of a fixed schedule and reuses the last prediction at all others.
 *
 * @param steps the steps that are computed, by index from 0; empty where {@code every} decides
 * @param every distance of computed steps; 0 where {@code steps} decides
 */
public record Fixed(Set<Integer> steps, int every) implements CachePolicy {

    public Fixed {
        steps = Set.copyOf(steps);
        if (steps.isEmpty() == (every == 0)) {
            throw new IllegalArgumentException("steps " + steps + ", every " + every + ": exactly one must be given");
        }
        if (every < 0) {
            throw new IllegalArgumentException("every " + every + " is not at least 1");
        }
        if (every == 0 && (!steps.contains(0) || Collections.min(steps) < 0)) {
            throw new IllegalArgumentException(
                    "steps " + steps + " must begin with 0: before it there is nothing to reuse");
        }
    }

    /** Computes the listed steps. */
    public static Fixed at(Set<Integer> steps) {
        return new Fixed(steps, 0);
    }

    /** Computes every n-th step, from the first on. */
    public static Fixed every(int n) {
        return new Fixed(Set.of(), n);
    }

    @Override
    public void requireFit(ModelOutline model, int count) {
        requireListed(count);
    }

    private void requireListed(int count) {
        if (!steps.isEmpty() && Collections.max(steps) >= count) {
            throw new IllegalArgumentException("steps " + steps + " list " + Collections.max(steps)
                    + ", but the last of " + count + " is " + (count - 1));
        }
    }

    /** The listed steps of the expert, plus its first, which has nothing to reuse. */
    @Override
    public CachePolicy within(StepRange range) {
        if (steps.isEmpty() || range.isWhole()) {
            return this;
        }
        requireListed(range.total());
        return at(Stream.concat(Stream.of(0), steps.stream().map(step -> step - range.first()))
                .filter(step -> step >= 0 && step < range.count())
                .collect(Collectors.toSet()));
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private boolean isComputed(Step step) {
        return every > 0 ? step.index() % every == 0 : steps.contains(step.index());
    }

    private final class Session implements FeatureCache {

        private final KeptFeatures predicted;

        Session(Generation generation) {
            predicted = new KeptFeatures(generation.memory());
        }

        @Override
        public NDArray predict(Step step, Prediction prediction) {
            return isComputed(step) ? predicted.set(prediction.compute()) : predicted.array();
        }

        @Override
        public StepDecision decision(Step step) {
            return StepDecision.of(isComputed(step) ? Action.COMPUTE : Action.REUSE, "schedule");
        }
    }
}
