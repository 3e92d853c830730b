package io.lowpass.caching.mag;

import io.lowpass.caching.BlockResidual;
import io.lowpass.caching.BranchDecisions;
import io.lowpass.caching.PerBranch;
import io.lowpass.caching.Settings;
import io.lowpass.diffusion.BlockStack;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Decision;
import io.lowpass.diffusion.Decision.Kind;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Features;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Step;
import java.util.List;

/**
 * Replays what all blocks added together while the error that a calibrated curve predicts for it stays small. The
 * schedule depends on the curve alone, so it is the same for every prompt and branch.
 *
 * @param threshold the summed error at which a step is computed; 0 never reuses
 * @param maxSkip most steps in a row that are reused
 * @param retention share of the steps, at the start, that are always computed
 * @param ratios per step, the magnitude of what the blocks add in units of the step before; a curve of another number of
 *     steps is sampled at the nearest ones
 */
public record MagCache(double threshold, int maxSkip, double retention, List<Double> ratios) implements CachePolicy {

    public MagCache {
        Settings.requireAtLeastZero("threshold", threshold);
        Settings.requireAtLeast("maxSkip", maxSkip, 1);
        if (!(retention >= 0 && retention < 1)) {
            throw new IllegalArgumentException("retention " + retention + " is not at least 0 and below 1");
        }
        ratios = List.copyOf(ratios);
        if (ratios.isEmpty() || !ratios.stream().allMatch(ratio -> Double.isFinite(ratio) && ratio > 0)) {
            throw new IllegalArgumentException("ratios " + ratios + " are not positive numbers");
        }
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        Settings.requireStepsAfter(Math.max(1, retained(steps)), steps);
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private int retained(int steps) {
        return (int) (retention * steps + 0.5);
    }

    /** The curve at a step, rounding halves to even as the reference does. */
    private double ratio(Step step) {
        if (ratios.size() == step.count() || step.count() == 1) {
            return ratios.get(Math.min(step.index(), ratios.size() - 1));
        }
        double scale = (ratios.size() - 1.0) / (step.count() - 1);
        return ratios.get((int) Math.rint(step.index() * scale));
    }

    private final class Session implements FeatureCache {

        private final PerBranch<State> states;
        private final BranchDecisions decisions = new BranchDecisions();

        Session(Generation generation) {
            states = new PerBranch<>(() -> new State(generation));
        }

        @Override
        public Features blocks(Step step, Branch branch, BlockStack stack) {
            State state = states.of(branch);
            Decision decision = state.decide(step);
            decisions.note(step, decision);
            return decision.kind() == Kind.REUSE ? state.residual.replay(stack.input()) : state.residual.compute(stack);
        }

        @Override
        public Decision decision(Step step) {
            return decisions.decision();
        }
    }

    private final class State {

        private final BlockResidual residual;
        private double ratio = 1;
        private double error;
        private int skipped;

        State(Generation generation) {
            residual = new BlockResidual(generation.memory());
        }

        Decision decide(Step step) {
            if (step.index() < retained(step.count())) {
                return Decision.computed("warm-up");
            }
            ratio *= ratio(step);
            error += Math.abs(1 - ratio);
            skipped++;
            Kind kind = isRedundant() ? Kind.REUSE : Kind.COMPUTE;
            Decision decision = BranchDecisions.measured(kind, "magnitude", Math.abs(1 - ratio), error, threshold);
            if (kind == Kind.COMPUTE) {
                ratio = 1;
                error = 0;
                skipped = 0;
            }
            return decision;
        }

        /** Whether what was kept is still about as large as what the blocks would add. */
        private boolean isRedundant() {
            return threshold > 0 && error <= threshold && skipped <= maxSkip && !residual.isEmpty();
        }
    }
}
