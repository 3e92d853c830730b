package io.lowpass.diffusion.schedulers;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * UniPC (Zhao et al., 2023): a predictor and, one step later, a corrector of one order more, on predictions of the clean
 * latents. diffusers' {@code UniPCMultistepScheduler} for flow matching.
 *
 * @param trainSteps length of the time scale that the model was trained on
 * @param flowShift how far noise levels are moved towards 1
 * @param order steps that the predictor looks back on, the current one included
 * @param solver the function B(h)
 * @param lowerOrderFinal whether the last steps look back on fewer
 * @param uncorrected steps whose result the next step does not correct
 * @param finalLevel noise level after the last step
 * @param shiftTerminal the level of the last step, if the schedule is stretched to end there
 */
public record UniPC(
        int trainSteps,
        double flowShift,
        int order,
        Solver solver,
        boolean lowerOrderFinal,
        Set<Integer> uncorrected,
        FinalLevel finalLevel,
        OptionalDouble shiftTerminal)
        implements Scheduler {

    /** Where the reference moves a first level of 1, at which nothing of the signal is left. */
    private static final double PURE_NOISE_MARGIN = 1e-6;

    /** The function B(h) of the paper. */
    public enum Solver {
        /** B(h) = h. */
        BH1,
        /** B(h) = e^h - 1. */
        BH2
    }

    public UniPC {
        SchedulerConfig.requireShift("flow_shift", flowShift);
        SchedulerConfig.requirePositive("num_train_timesteps", trainSteps);
        SchedulerConfig.requirePositive("solver_order", order);
        uncorrected = Set.copyOf(uncorrected);
        if (!lowerOrderFinal && finalLevel == FinalLevel.ZERO && order > 1) {
            throw new IllegalArgumentException("lower_order_final false needs final_sigmas_type sigma_min: "
                    + "a step to zero noise is infinitely long, and only its first order is defined");
        }
    }

    /** The settings of Wan's repositories. */
    public UniPC(double flowShift) {
        this(1000, flowShift, 2, Solver.BH2, true, Set.of(), FinalLevel.ZERO, OptionalDouble.empty());
    }

    static UniPC of(SchedulerConfig config) {
        config.requireFlow();
        config.requireOff("use_dynamic_shifting", "thresholding");
        config.requireOff("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "solver_p");
        config.choice("predict_x0", "true", "true");
        int trainSteps = config.integer("num_train_timesteps", 1000);
        double flowShift = config.number("flow_shift", 1);
        int order = config.integer("solver_order", 2);
        String solver = config.choice("solver_type", "bh2", "bh1", "bh2");
        boolean lowerOrderFinal = config.flag("lower_order_final", true);
        Set<Integer> uncorrected = config.integers("disable_corrector");
        FinalLevel finalLevel = config.finalLevel();
        OptionalDouble terminal = config.optional("shift_terminal");
        config.requireNoProblems();
        return new UniPC(
                trainSteps,
                flowShift,
                order,
                solver.equals("bh1") ? Solver.BH1 : Solver.BH2,
                lowerOrderFinal,
                uncorrected,
                finalLevel,
                terminal);
    }

    @Override
    public Trajectory plan(int steps) {
        SchedulerConfig.requirePositive("steps", steps);
        double[] unshifted = NoiseLevels.spaced(1, 1.0 / trainSteps, steps + 1);
        double[] sigmas = Arrays.stream(unshifted, 0, steps)
                .map(sigma -> NoiseLevels.shift(sigma, flowShift))
                .toArray();
        if (shiftTerminal.isPresent()) {
            sigmas = NoiseLevels.stretch(sigmas, shiftTerminal.getAsDouble());
        }
        if (Math.abs(sigmas[0] - 1) < PURE_NOISE_MARGIN) {
            sigmas[0] -= PURE_NOISE_MARGIN;
        }
        double[] timesteps = Arrays.stream(sigmas)
                .map(sigma -> Math.floor(sigma * trainSteps))
                .toArray();
        double last = finalLevel == FinalLevel.ZERO ? 0 : sigmas[steps - 1];
        return new Path(new NoiseLevels(timesteps, sigmas, last));
    }

    private final class Path extends MultistepTrajectory {

        private @Nullable NDArray start;
        private int lastOrder;

        Path(NoiseLevels levels) {
            super(levels, order);
        }

        @Override
        NDArray solve(int step, NDArray latents, NDArray clean) {
            NDArray from = latents;
            NDArray before = start;
            if (before != null && !uncorrected.contains(step - 1)) {
                from = update(step - 1, step, lastOrder, before, Optional.of(clean));
            }
            remember(clean, latents);
            int allowed = lowerOrderFinal ? Math.min(order, steps() - step) : order;
            lastOrder = Math.min(allowed, remembered().size());
            startAt(keep(from.duplicate(), latents));
            return update(step, step + 1, lastOrder, from, Optional.empty());
        }

        private void startAt(NDArray latents) {
            if (start != null) {
                start.close();
            }
            start = latents;
        }

        /** Equations (3) and (8) of the paper: to {@code to}, from {@code x} at the newest remembered prediction. */
        private NDArray update(int at, int to, int terms, NDArray x, Optional<NDArray> corrected) {
            double[] ratios = new double[terms];
            double step = levels.lambda(to) - levels.lambda(at);
            for (int i = 1; i < terms; i++) {
                ratios[i - 1] = (levels.lambda(at - i) - levels.lambda(at)) / step;
            }
            ratios[terms - 1] = 1;
            double growth = Math.expm1(-step);
            double scale = levels.alpha(to) * (solver == Solver.BH1 ? -step : growth);
            double[] rhos = BhCoefficients.of(solver, -step, ratios, corrected.isPresent());
            List<NDArray> past = remembered();
            double newest = -levels.alpha(to) * growth;
            WeightedSum sum = new WeightedSum().plus(levels.sigma(to) / levels.sigma(at), x);
            for (int i = 1; i < terms; i++) {
                double weight = scale * rhos[i - 1] / ratios[i - 1];
                newest += weight;
                sum.plus(-weight, past.get(i));
            }
            if (corrected.isPresent()) {
                double weight = scale * rhos[terms - 1];
                newest += weight;
                sum.plus(-weight, corrected.get());
            }
            return sum.plus(newest, past.get(0)).sum();
        }

        @Override
        public void close() {
            super.close();
            if (start != null) {
                start.close();
            }
            start = null;
        }
    }
}
