package io.lowpass.caching.faster;

import ai.djl.ndarray.NDArray;
import io.lowpass.caching.KeptFeatures;
import io.lowpass.caching.PerBranch;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Site;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** {@link FasterCache} for one generation. */
final class FasterCacheSession implements FeatureCache {

    private final FasterCache policy;
    private final Generation generation;
    private final boolean isGuided;
    private final int firstExtrapolated;
    private final PerBranch<Map<Site, AttentionHistory>> attentions = new PerBranch<>(HashMap::new);
    private final KeptFeatures low;
    private final KeptFeatures high;
    private boolean sparesBranch;
    private boolean sparesAttention;

    FasterCacheSession(FasterCache policy, Generation generation) {
        this.policy = policy;
        this.generation = generation;
        this.isGuided = generation.model().branches().size() > 1;
        this.low = new KeptFeatures(generation.memory());
        this.high = new KeptFeatures(generation.memory());
        Trajectory trajectory = generation.trajectory();
        OptionalInt first = policy.attention().firstReused(trajectory);
        this.firstExtrapolated = first.orElse(trajectory.steps());
    }

    @Override
    public NDArray predict(Step step, Prediction prediction) {
        sparesAttention = false;
        sparesBranch = isGuided && !low.isEmpty() && policy.unconditioned().isReused(step);
        if (!isGuided) {
            return prediction.compute();
        }
        NDArray conditioned = prediction.branch(Branch.CONDITIONED);
        if (sparesBranch) {
            return prediction.guide(conditioned, unconditioned(step, conditioned));
        }
        NDArray unconditioned = prediction.branch(Branch.UNCONDITIONED);
        measure(step, conditioned, unconditioned);
        return prediction.guide(conditioned, unconditioned);
    }

    /** Reconstructs the unconditioned prediction from the conditioned one and the last difference. */
    private NDArray unconditioned(Step step, NDArray conditioned) {
        boost(low, policy.low(), step);
        boost(high, policy.high(), step);
        return conditioned.add(low.array()).add(high.array());
    }

    private static void boost(KeptFeatures band, FasterCache.Boost boost, Step step) {
        if (boost.window().contains(step) && boost.factor() != 1) {
            band.set(band.array().mul(boost.factor()));
        }
    }

    /** Keeps the difference of the branches if the next step will use it. */
    private void measure(Step step, NDArray conditioned, NDArray unconditioned) {
        if (step.isLast()
                || !policy.unconditioned().isReused(generation.trajectory().step(step.index() + 1))) {
            return;
        }
        NDArray difference = unconditioned.sub(conditioned);
        NDArray slow = Bands.low(difference, policy.maskFraction());
        high.set(difference.sub(slow));
        low.set(slow);
    }

    @Override
    public Features subLayer(Step step, Branch branch, Site site, Supplier<Features> compute) {
        boolean isHistory = branch == Branch.CONDITIONED
                && FasterCache.SELF.contains(site.subLayer())
                && step.index() >= firstExtrapolated - AttentionHistory.LENGTH;
        if (!isHistory) {
            return compute.get();
        }
        AttentionHistory history = attentions
                .of(branch)
                .computeIfAbsent(
                        site,
                        unmet -> new AttentionHistory(
                                generation.memory(), policy.extrapolation().history()));
        boolean extrapolates = policy.attention().isReused(step) && (sparesBranch || !isGuided) && !history.isEmpty();
        if (!extrapolates) {
            return history.computed(compute.get());
        }
        sparesAttention = true;
        return history.extrapolated(weight(step));
    }

    private double weight(Step step) {
        FasterCache.Extrapolation extrapolation = policy.extrapolation();
        double span = (double) step.count() - 1 - firstExtrapolated;
        double share = span > 0 ? (step.index() - firstExtrapolated) / span : 0;
        return extrapolation.weight() + share * (extrapolation.finalWeight() - extrapolation.weight());
    }

    @Override
    public boolean worksOnSubLayers() {
        return policy.attention().every() > 1;
    }

    @Override
    public StepDecision decision(Step step) {
        if (sparesBranch) {
            return StepDecision.of(
                    sparesAttention ? Action.FORECAST : Action.REUSE,
                    sparesAttention ? "guidance, attention" : "guidance");
        }
        return sparesAttention ? StepDecision.of(Action.FORECAST, "attention") : StepDecision.computed("schedule");
    }
}
