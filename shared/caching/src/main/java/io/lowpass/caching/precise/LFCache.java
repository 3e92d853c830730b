package io.lowpass.caching.precise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.KeptFeatures;
import io.lowpass.caching.LowPass;
import io.lowpass.caching.SettingChecks;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.FeatureCache;
import io.lowpass.diffusion.Generation;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Prediction;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reuses the last prediction while a probe on downsampled latents shows that its low frequencies have hardly changed
 * (section 3.2 and Algorithm 1 of the paper).
 *
 * @param alpha the threshold, as a share of the largest distance in the warm-up; 0 never reuses
 * @param warmUp number of steps at the start that are always computed (A5); at least 2, since the first has nothing to
 *     compare with
 * @param downsampling how latents are downsampled for the probe (A7, A9)
 * @param maskFraction radius of the low-pass, as a share of the smaller side of the downsampled latents (A14); below
 *     one cell, only the means of each frame and channel are compared (see {@link LowPass})
 * @param reference what the probe is compared with (A3)
 * @param accumulation how distances are summed (A1, A2)
 * @param weight how distances are weighted (A2)
 * @param forceLast whether the last step is always computed (A6)
 * @param reuse what replaces a prediction that is not computed (Table 4); distances are measured to the last computed
 *     prediction in any case, so all strategies are compared under one rule
 */
public record LFCache(
        double alpha,
        int warmUp,
        Downsampling downsampling,
        double maskFraction,
        Reference reference,
        Accumulation accumulation,
        Weight weight,
        boolean forceLast,
        Reuse reuse)
        implements CachePolicy {

    /** The paper's number of warm-up steps. */
    public static final int PAPER_WARM_UP = 3;

    /** The radius of the paper's low-pass. */
    public static final double PAPER_MASK = 0.2;

    /** What the probe is compared with (A3). */
    public enum Reference {
        /** The prediction that would be reused, downsampled. */
        CACHED,
        /** The probe of the step whose prediction would be reused: the effect of the smaller size cancels out. */
        TRIAL
    }

    /** How distances are summed (A1, A2). */
    public enum Accumulation {
        /** Distances from the last computed step, summed since then. */
        ANCHOR,
        /** Distances from each step's probe to the next one's, summed since the last computed step. */
        CONSECUTIVE,
        /** The distance from the last computed step alone. */
        NONE
    }

    /** How distances are weighted (A2). */
    public enum Weight {
        /** Equally at every step. */
        NONE,
        /** By the size of the step: the sum then bounds the error that reuse adds to the latents. */
        DT
    }

    public LFCache {
        if (!(alpha >= 0) || Double.isInfinite(alpha)) {
            throw new IllegalArgumentException("alpha " + alpha + " is not a number of at least 0");
        }
        if (warmUp < 2) {
            throw new IllegalArgumentException("warmUp " + warmUp + " is not at least 2");
        }
        if (!(maskFraction > 0 && maskFraction <= 1)) {
            throw new IllegalArgumentException("maskFraction " + maskFraction + " is not above 0 and at most 1");
        }
        if (accumulation == Accumulation.CONSECUTIVE && reference == Reference.CACHED) {
            throw new IllegalArgumentException(
                    "accumulation consecutive compares probes with each other: reference must be trial, not cached");
        }
    }

    /** The paper's settings with the given threshold. */
    public LFCache(double alpha) {
        this(
                alpha,
                PAPER_WARM_UP,
                Downsampling.PAPER,
                PAPER_MASK,
                Reference.CACHED,
                Accumulation.ANCHOR,
                Weight.NONE,
                false,
                Reuse.PREDICTION);
    }

    @Override
    public void requireFit(ModelOutline model, int steps) {
        SettingChecks.requireManySteps(steps);
        if (steps <= warmUp) {
            throw new IllegalArgumentException(
                    "steps " + steps + " leave nothing to reuse after warmUp " + warmUp + " computed ones");
        }
    }

    @Override
    public FeatureCache open(Generation generation) {
        return new Session(generation);
    }

    private final class Session implements FeatureCache {

        private final Shape small;
        private final LowPass lowPass;
        private final ReusedPrediction predicted;
        private final KeptFeatures compared;
        private double accumulated;
        private double largest;
        private StepDecision decision = StepDecision.computed("warm-up");

        Session(Generation generation) {
            small = downsampling.small(generation.latents(), generation.model().patch());
            lowPass = new LowPass(generation.memory(), (int) small.get(3), (int) small.get(4), maskFraction);
            predicted = new ReusedPrediction(generation.memory(), reuse);
            compared = new KeptFeatures(generation.memory());
        }

        @Override
        public NDArray predict(Step step, Prediction prediction) {
            Optional<NDArray> probe = needsProbe(step)
                    ? Optional.of(prediction.probe(latents -> downsampling.apply(latents, small)))
                    : Optional.empty();
            decision = decide(step, distance(probe));
            boolean computes = decision.action() == Action.COMPUTE;
            if (computes || accumulation == Accumulation.CONSECUTIVE) {
                probe.filter(done -> reference == Reference.TRIAL).ifPresent(compared::set);
            }
            return computes ? computed(step, prediction) : predicted.reused(step, prediction.latents());
        }

        private NDArray computed(Step step, Prediction prediction) {
            NDArray guided = predicted.computed(step, prediction.latents(), prediction.compute());
            if (reference == Reference.CACHED) {
                compared.set(downsampling.apply(guided, small));
            }
            return guided;
        }

        @Override
        public StepDecision decision(Step step) {
            return decision;
        }

        /** A22: no probe if the decision is already certain, unless a later step is compared with it. */
        private boolean needsProbe(Step step) {
            return step.index() == 0 ? reference == Reference.TRIAL : !isForced(step);
        }

        private boolean isForced(Step step) {
            return forceLast && step.isLast();
        }

        private OptionalDouble distance(Optional<NDArray> probe) {
            return probe.isEmpty() || compared.isEmpty()
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(lowPass.rms(probe.get().sub(compared.array())));
        }

        private StepDecision decide(Step step, OptionalDouble distance) {
            double counted = distance.orElse(0) * (weight == Weight.DT ? Math.abs(step.nextSigma() - step.sigma()) : 1);
            if (step.index() < warmUp) {
                largest = Math.max(largest, counted);
                return decided(Action.COMPUTE, "warm-up", distance);
            }
            if (isForced(step)) {
                return decided(Action.COMPUTE, "last step", distance);
            }
            accumulated = (accumulation == Accumulation.NONE ? 0 : accumulated) + counted;
            StepDecision decided = decided(isRedundant() ? redundant() : Action.COMPUTE, "lfd", distance);
            if (decided.action() == Action.COMPUTE) {
                accumulated = 0;
            }
            return decided;
        }

        /**
         * Whether the low frequencies have changed too little since the last computed step to compute this one (A21).
         */
        private boolean isRedundant() {
            return accumulated < threshold();
        }

        private Action redundant() {
            return reuse.order() == 0 ? Action.REUSE : Action.FORECAST;
        }

        private double threshold() {
            return alpha * largest;
        }

        private StepDecision decided(Action kind, String reason, OptionalDouble distance) {
            return new StepDecision(
                    kind,
                    reason,
                    OptionalDouble.of(distance.orElse(0)),
                    OptionalDouble.of(accumulated),
                    OptionalDouble.of(threshold()),
                    Optional.empty());
        }
    }
}
