package io.lowpass.caching.easy;

import ai.djl.ndarray.NDArray;
import io.lowpass.caching.BranchDecisions;
import io.lowpass.caching.KeptFeatures;
import io.lowpass.caching.Norms;
import io.lowpass.caching.PerBranch;
import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Reuses, in each branch, the difference between prediction and latents while the estimated change of the prediction
 * stays small: the change of the latents times the network's last gain. The conditioned branch decides for both.
 *
 * @param threshold the summed relative change of the prediction at which a step is computed; 0 never reuses
 * @param warmUp number of steps at the start that are always computed; so is the last
 */
public record EasyCache(double threshold, int warmUp) implements CachePolicy {

    public EasyCache {
        SettingChecks.requireAtLeastZero("threshold", threshold);
        SettingChecks.requireAtLeast("warmUp", warmUp, 1);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        SettingChecks.requireStepsAfter(warmUp + 1, steps);
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private final class Session implements FeatureCache {

        private final List<Branch> branches;
        private final PerBranch<KeptFeatures> differences;
        private final KeptFeatures lastLatents;
        private final KeptFeatures computedLatents;
        private final KeptFeatures computed;
        private OptionalDouble gain = OptionalDouble.empty();
        private double accumulated;
        private StepDecision decision = StepDecision.computed("warm-up");

        Session(Generation generation) {
            branches = generation.model().branches();
            differences = new PerBranch<>(() -> new KeptFeatures(generation.memory()));
            lastLatents = new KeptFeatures(generation.memory());
            computedLatents = new KeptFeatures(generation.memory());
            computed = new KeptFeatures(generation.memory());
        }

        @Override
        public NDArray predict(Step step, Prediction prediction) {
            NDArray latents = prediction.latents();
            decision = decide(step, latents);
            lastLatents.set(latents.duplicate());
            Function<Branch, NDArray> predictions = decision.action() == Action.REUSE
                    ? branch -> latents.add(differences.of(branch).array())
                    : branch -> compute(prediction, branch, latents);
            NDArray conditioned = predictions.apply(Branch.CONDITIONED);
            return branches.size() == 1
                    ? conditioned
                    : prediction.guide(conditioned, predictions.apply(Branch.UNCONDITIONED));
        }

        @Override
        public StepDecision decision(Step step) {
            return decision;
        }

        private StepDecision decide(Step step, NDArray latents) {
            if (step.index() < warmUp || step.isLast()) {
                accumulated = 0;
                return StepDecision.computed(step.isLast() ? "last step" : "warm-up");
            }
            if (gain.isEmpty()) {
                return StepDecision.computed("no gain yet");
            }
            double moved = Norms.meanDifference(latents, lastLatents.array());
            double change = gain.getAsDouble() * moved / Norms.meanMagnitude(computed.array());
            accumulated += change;
            Action kind = isRedundant() ? Action.REUSE : Action.COMPUTE;
            StepDecision decided = BranchDecisions.measured(kind, "gain", change, accumulated, threshold);
            if (kind == Action.COMPUTE) {
                accumulated = 0;
            }
            return decided;
        }

        /** Whether the prediction is estimated to have changed too little to be computed. */
        private boolean isRedundant() {
            return accumulated < threshold;
        }

        private NDArray compute(Prediction prediction, Branch branch, NDArray latents) {
            NDArray predicted = prediction.branch(branch);
            differences.of(branch).set(predicted.sub(latents));
            if (branch == Branch.CONDITIONED) {
                learn(latents, predicted);
            }
            return predicted;
        }

        /** Estimates the gain of the network from its last two predictions. */
        private void learn(NDArray latents, NDArray conditioned) {
            if (!computed.isEmpty()) {
                double moved = Norms.meanDifference(latents, computedLatents.array());
                gain = OptionalDouble.of(Norms.meanDifference(conditioned, computed.array()) / moved);
            }
            computedLatents.set(latents.duplicate());
            computed.set(conditioned.duplicate());
        }
    }
}
