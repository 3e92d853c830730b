package io.lowpass.caching.tea;

import ai.djl.ndarray.NDArray;
import io.lowpass.caching.BlockResidual;
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
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import java.util.List;
import java.util.Optional;

/**
 * Replays the residual of all blocks until the estimated change of the output, a fitted polynomial of the change of a
 * signal, adds up to a threshold. Each branch has its own sum.
 *
 * @param threshold the sum at which a step is computed; 0 never reuses, even where the polynomial is negative
 * @param coefficients the polynomial, highest power first
 * @param signal the signal; if absent, the model's indicator
 * @param warmUp number of steps at the start that are always computed
 * @param forceLast whether the last step is always computed
 */
public record TeaCache(
        double threshold, List<Double> coefficients, Optional<Signal> signal, int warmUp, boolean forceLast)
        implements CachePolicy {

    /** Number of steps at the start that "retention" computes. */
    public static final int RETAINED = 5;

    public TeaCache {
        SettingChecks.requireAtLeastZero("threshold", threshold);
        SettingChecks.requireAtLeast("warmUp", warmUp, 1);
        coefficients = List.copyOf(coefficients);
        if (coefficients.isEmpty() || !coefficients.stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("coefficients " + coefficients + " are not finite numbers");
        }
    }

    /** Settings with the same signal for every model. */
    public TeaCache(double threshold, List<Double> coefficients, Signal signal, int warmUp, boolean forceLast) {
        this(threshold, coefficients, Optional.of(signal), warmUp, forceLast);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        SettingChecks.requireStepsAfter(warmUp + (forceLast ? 1 : 0), steps);
        Signal watched = watched(model);
        if (!model.signals().contains(watched)) {
            throw new IllegalArgumentException("signal " + watched + " is not one of this model's " + model.signals());
        }
    }

    private Signal watched(ModelOutline model) {
        return signal.orElse(model.indicator());
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private double rescaled(double change) {
        return coefficients.stream().reduce(0.0, (sum, coefficient) -> sum * change + coefficient);
    }

    private boolean isForced(Step step) {
        return step.index() < warmUp || (forceLast && step.isLast());
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
            StepDecision decision = state.decide(step, stack);
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

        private final Signal watched;
        private final BlockResidual residual;
        private final KeptFeatures before;
        private double accumulated;

        State(Generation generation) {
            watched = watched(generation.model());
            residual = new BlockResidual(generation.memory());
            before = new KeptFeatures(generation.memory());
        }

        StepDecision decide(Step step, BlockStack stack) {
            NDArray now = stack.signal(watched);
            double change = before.isEmpty() ? 0 : Norms.relative(now, before.array());
            before.set(watched == Signal.INPUT ? now : now.duplicate());
            if (isForced(step)) {
                accumulated = 0;
                return BranchDecisions.measured(Action.COMPUTE, reason(step), change, 0, threshold);
            }
            accumulated += rescaled(change);
            Action kind = isRedundant() ? Action.REUSE : Action.COMPUTE;
            StepDecision decision = BranchDecisions.measured(kind, "signal", change, accumulated, threshold);
            if (kind == Action.COMPUTE) {
                accumulated = 0;
            }
            return decision;
        }

        /** Whether the output is estimated to have changed too little to be computed. */
        private boolean isRedundant() {
            return threshold > 0 && accumulated < threshold;
        }

        private String reason(Step step) {
            return step.index() < warmUp ? "warm-up" : "last step";
        }
    }
}
