package io.lowpass.caching.sea;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.caching.BranchDecisions;
import io.lowpass.caching.KeptFeatures;
import io.lowpass.caching.Norms;
import io.lowpass.caching.PerBranch;
import io.lowpass.caching.SettingChecks;
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
import io.lowpass.diffusion.steps.StepRange;
import java.util.Optional;

/**
 * Replays the residual of all blocks until the filtered latents have changed enough. The branches share their latents,
 * and therefore the decision; each keeps its own residual.
 *
 * @param threshold summed relative change at which a step is computed; 0 never reuses
 * @param order 0 replays the last residual, 1 extrapolates the last two
 * @param retention number of steps at the start that are always computed
 * @param end number of steps at the end that are always computed
 * @param maxConsecutive the most consecutive steps that are reused; 0 for no limit
 * @param power exponent of the signal's power spectrum
 */
public record SeaCache(double threshold, int order, int retention, int end, int maxConsecutive, double power)
        implements CachePolicy {

    /** Avoids a division by zero. */
    private static final double NOTHING = 1e-16;

    public SeaCache {
        SettingChecks.requireAtLeastZero("threshold", threshold);
        SettingChecks.requireAtLeast("order", order, 0);
        if (order > 1) {
            throw new IllegalArgumentException("order " + order + " is not 0 or 1");
        }
        SettingChecks.requireAtLeast("retention", retention, 0);
        SettingChecks.requireAtLeast("end", end, 0);
        SettingChecks.requireAtLeast("maxConsecutive", maxConsecutive, 0);
        if (!(power > 0) || Double.isInfinite(power)) {
            throw new IllegalArgumentException("power " + power + " is not a positive number");
        }
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        SettingChecks.requireStepsAfter(Math.max(1, retention) + end, steps);
    }

    /** The steps that are always computed are those of the whole generation; an expert's first step is one, too. */
    @Override
    public CachePolicy within(StepRange steps) {
        int behind = steps.total() - steps.first() - steps.count();
        return new SeaCache(
                threshold,
                order,
                Math.max(0, retention - steps.first()),
                Math.max(0, end - behind),
                maxConsecutive,
                power);
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private final class Session implements FeatureCache {

        private final PerBranch<Residuals> residuals;
        private final KeptFeatures before;
        private double accumulated;
        private int consecutive;
        private StepDecision decision = StepDecision.computed("warm-up");

        Session(Generation generation) {
            residuals = new PerBranch<>(() -> new Residuals(generation.memory()));
            before = new KeptFeatures(generation.memory());
        }

        @Override
        public NDArray predict(Step step, Prediction prediction) {
            NDArray filtered = WienerFilter.apply(prediction.latents(), step.sigma(), power);
            decision = decide(step, filtered);
            boolean computed = decision.action() == Action.COMPUTE;
            accumulated = computed ? 0 : accumulated;
            consecutive = computed ? 0 : consecutive + 1;
            before.set(filtered);
            return prediction.compute();
        }

        @Override
        public Features blocks(Step step, Branch branch, BlockStack stack) {
            Residuals kept = residuals.of(branch);
            return decision.action() == Action.COMPUTE
                    ? kept.compute(step, stack)
                    : stack.input().plus(kept.at(step, order));
        }

        @Override
        public StepDecision decision(Step step) {
            return decision;
        }

        private StepDecision decide(Step step, NDArray filtered) {
            Optional<String> forced = forced(step);
            if (forced.isPresent()) {
                return StepDecision.computed(forced.get());
            }
            double size = Norms.meanMagnitude(before.array()) + NOTHING;
            double change = Norms.meanDifference(filtered, before.array()) / size;
            accumulated += change;
            Action kind = isRedundant() ? (order == 0 ? Action.REUSE : Action.FORECAST) : Action.COMPUTE;
            return BranchDecisions.measured(kind, "filtered latents", change, accumulated, threshold);
        }

        private Optional<String> forced(Step step) {
            if (step.index() < retention || before.isEmpty()) {
                return Optional.of("warm-up");
            } else if (step.index() >= step.count() - end) {
                return Optional.of("last step");
            } else if (maxConsecutive > 0 && consecutive >= maxConsecutive) {
                return Optional.of("most in a row");
            }
            return Optional.empty();
        }

        /** Whether the signal in the latents has changed too little since the last computed step. */
        private boolean isRedundant() {
            return accumulated < threshold;
        }
    }

    /** Residuals of the blocks of one branch at the last two computed steps. */
    private static final class Residuals {

        private final NDManager memory;
        private KeptFeatures last;
        private KeptFeatures previous;
        private int lastStep;
        private int previousStep;

        Residuals(NDManager memory) {
            this.memory = memory;
            last = new KeptFeatures(memory);
            previous = new KeptFeatures(memory);
        }

        Features compute(Step step, BlockStack stack) {
            Features out = stack.runAll();
            previous.free();
            previous = last;
            previousStep = lastStep;
            last = new KeptFeatures(memory);
            last.set(out.minus(stack.input()));
            lastStep = step.index();
            return out;
        }

        Features at(Step step, int order) {
            if (order == 0 || previous.isEmpty()) {
                return last.get();
            }
            double ahead = (double) (step.index() - lastStep) / (lastStep - previousStep);
            return last.get().plus(last.get().minus(previous.get()).times(ahead));
        }
    }
}
