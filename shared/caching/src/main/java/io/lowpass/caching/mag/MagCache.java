package io.lowpass.caching.mag;

import io.lowpass.caching.BlockResidual;
import io.lowpass.caching.BranchDecisions;
import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import io.lowpass.diffusion.steps.StepRange;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Replays the residual of all blocks while its error, predicted by a calibrated curve, stays small. The schedule
 * depends on the curve alone, so it is the same for every prompt and branch.
 *
 * @param threshold the summed error at which a step is computed; 0 never reuses
 * @param maxSkip the most consecutive steps that are reused
 * @param retention share of the steps, at the start, that are always computed
 * @param ratios for each step, the magnitude of the residual relative to the step before; a curve for another number of
 *     steps is sampled at the nearest ones
 * @param unconditionedRatios the same for the unconditioned branch, which differs in some models
 */
public record MagCache(
        double threshold, int maxSkip, double retention, List<Double> ratios, List<Double> unconditionedRatios)
        implements CachePolicy {

    public MagCache {
        SettingChecks.requireAtLeastZero("threshold", threshold);
        SettingChecks.requireAtLeast("maxSkip", maxSkip, 1);
        if (!(retention >= 0 && retention < 1)) {
            throw new IllegalArgumentException("retention " + retention + " is not at least 0 and below 1");
        }
        ratios = requirePositive("ratios", ratios);
        unconditionedRatios = requirePositive("unconditionedRatios", unconditionedRatios);
    }

    /** Settings with one curve for both branches. */
    public MagCache(double threshold, int maxSkip, double retention, List<Double> ratios) {
        this(threshold, maxSkip, retention, ratios, ratios);
    }

    private static List<Double> requirePositive(String name, List<Double> ratios) {
        if (ratios.isEmpty() || !ratios.stream().allMatch(ratio -> Double.isFinite(ratio) && ratio > 0)) {
            throw new IllegalArgumentException(name + " " + ratios + " are not positive numbers");
        }
        return List.copyOf(ratios);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        SettingChecks.requireStepsAfter(Math.max(1, retained(steps)), steps);
    }

    /** The part of the curves for one expert. */
    @Override
    public CachePolicy within(StepRange steps) {
        return steps.isWhole()
                ? this
                : new MagCache(
                        threshold, maxSkip, retention, section(ratios, steps), section(unconditionedRatios, steps));
    }

    private static List<Double> section(List<Double> curve, StepRange steps) {
        return IntStream.range(steps.first(), steps.first() + steps.count())
                .mapToObj(step -> ratio(curve, step, steps.total()))
                .toList();
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private int retained(int steps) {
        return (int) (retention * steps + 0.5);
    }

    /**
     * The value of a curve at a step, rounding half to even and in f32, as in the reference; for a single step, the
     * last value.
     */
    private static double ratio(List<Double> curve, int step, int count) {
        if (curve.size() == count) {
            return curve.get(step);
        }
        if (count == 1) {
            return curve.get(curve.size() - 1);
        }
        float scale = (float) ((curve.size() - 1.0) / (count - 1));
        return curve.get((int) Math.rint(step * scale));
    }

    private final class Session implements FeatureCache {

        private final Map<Branch, State> states = new EnumMap<>(Branch.class);
        private final BranchDecisions decisions = new BranchDecisions();

        Session(Generation generation) {
            states.put(Branch.CONDITIONED, new State(generation, ratios));
            states.put(Branch.UNCONDITIONED, new State(generation, unconditionedRatios));
        }

        @Override
        public Features blocks(Step step, Branch branch, BlockStack stack) {
            State state = Objects.requireNonNull(states.get(branch));
            StepDecision decision = state.decide(step);
            decisions.note(step, decision);
            return decision.action() == Action.REUSE
                    ? state.residual.replay(stack.input())
                    : state.residual.compute(stack);
        }

        @Override
        public StepDecision decision(Step step) {
            return decisions.decision();
        }
    }

    private final class State {

        private final BlockResidual residual;
        private final List<Double> curve;
        // In f32, as in the reference: sums often equal the threshold exactly, since both are round numbers.
        private float ratio = 1;
        private float error;
        private int skipped;

        State(Generation generation, List<Double> curve) {
            this.residual = new BlockResidual(generation.memory());
            this.curve = curve;
        }

        StepDecision decide(Step step) {
            if (step.index() < retained(step.count())) {
                return StepDecision.computed("warm-up");
            }
            ratio *= (float) ratio(curve, step.index(), step.count());
            error += Math.abs(1 - ratio);
            skipped++;
            Action kind = isRedundant() ? Action.REUSE : Action.COMPUTE;
            StepDecision decision = BranchDecisions.measured(kind, "magnitude", Math.abs(1 - ratio), error, threshold);
            if (kind == Action.COMPUTE) {
                ratio = 1;
                error = 0;
                skipped = 0;
            }
            return decision;
        }

        /** Whether the kept residual is predicted to be still accurate. */
        private boolean isRedundant() {
            return threshold > 0 && error <= (float) threshold && skipped <= maxSkip && !residual.isEmpty();
        }
    }
}
