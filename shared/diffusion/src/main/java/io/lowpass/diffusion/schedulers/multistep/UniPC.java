package io.lowpass.diffusion.schedulers.multistep;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.noise.FinalSigma;
import io.lowpass.diffusion.schedulers.noise.FlowShift;
import io.lowpass.diffusion.schedulers.noise.GivenSigmas;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import io.lowpass.diffusion.schedulers.noise.SigmaSchedule;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import io.lowpass.diffusion.schedulers.noise.TrainingSigmas;
import io.lowpass.diffusion.schedulers.solver.WeightedSum;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * UniPC (Zhao et al., 2023): a predictor and, one step later, a corrector of one order more, on predictions of the clean
 * latents or of the noise. diffusers' {@code UniPCMultistepScheduler}.
 *
 * @param sigmas where noise levels lie
 * @param target what the solver follows
 * @param order steps that the predictor looks back on, the current one included
 * @param solver the function B(h)
 * @param lowerOrderFinal whether the last steps look back on fewer
 * @param uncorrected steps whose result the next step does not correct
 */
public record UniPC(
        SigmaSchedule sigmas,
        SolverTarget target,
        int order,
        Solver solver,
        boolean lowerOrderFinal,
        Set<Integer> uncorrected)
        implements Scheduler {

    /** The function B(h) of the paper. */
    public enum Solver {
        /** B(h) = h. */
        BH1,
        /** B(h) = e^h - 1. */
        BH2
    }

    public UniPC {
        SchedulerConfig.requirePositive("solver_order", order);
        uncorrected = Set.copyOf(uncorrected);
        if (!lowerOrderFinal && sigmas.last() == FinalSigma.ZERO && order > 1) {
            throw new IllegalArgumentException("lower_order_final false needs final_sigmas_type sigma_min: "
                    + "a step to zero noise is infinitely long, and only its first order is defined");
        }
    }

    /** The settings of Wan's repositories. */
    public UniPC(double flowShift) {
        this(flowShift, false);
    }

    /** The same, with levels that are even before they are shifted if the pipeline hands such over. */
    public UniPC(double flowShift, boolean even) {
        this(flowSigmas(flowShift, even), SolverTarget.OF_FLOW, 2, Solver.BH2, true, Set.of());
    }

    private static UniPCSigmas flowSigmas(double flowShift, boolean even) {
        return new UniPCSigmas(
                true,
                TrainingSigmas.usual(),
                new FlowShift(flowShift),
                OptionalDouble.empty(),
                new GivenSigmas(even, List.of()),
                FinalSigma.ZERO);
    }

    public static UniPC of(SchedulerConfig config) {
        config.requireOff("solver_p");
        UniPCSigmas sigmas = UniPCSigmas.of(config);
        boolean noise = !config.flag("predict_x0", true);
        SolverTarget target = SolverTarget.of(config, noise);
        config.require(!noise || target.thresholding().isEmpty(), "thresholding", true, "off with predict_x0 false");
        config.require(
                !noise || sigmas.last() == FinalSigma.SIGMA_MIN,
                "final_sigmas_type",
                "zero",
                "sigma_min with predict_x0 false");
        int order = config.positive("solver_order", 2);
        // The reference takes the forms of DPM-Solver's second order for bh2, so that configs can be exchanged.
        String solver = config.choice("solver_type", "bh2", "bh1", "bh2", "midpoint", "heun", "logrho");
        boolean lowerOrderFinal = config.flag("lower_order_final", true);
        Set<Integer> uncorrected = config.integers("disable_corrector");
        config.requireNoProblems();
        return new UniPC(
                sigmas, target, order, solver.equals("bh1") ? Solver.BH1 : Solver.BH2, lowerOrderFinal, uncorrected);
    }

    @Override
    public Scheduler withSigmas(List<Double> given) {
        return new UniPC(sigmas.withSigmas(given), target, order, solver, lowerOrderFinal, uncorrected);
    }

    @Override
    public Trajectory plan(int steps) {
        SchedulerConfig.requirePositive("steps", steps);
        return new UniPCTrajectory(sigmas.forSteps(steps));
    }

    private final class UniPCTrajectory extends MultistepTrajectory {

        private @Nullable NDArray start;
        private int lastOrder;

        UniPCTrajectory(Sigmas schedule) {
            super(schedule, target, order);
        }

        @Override
        NDArray solve(int step, NDArray latents, NDArray predicted) {
            NDArray from = latents;
            NDArray before = start;
            if (before != null && !uncorrected.contains(step - 1)) {
                from = update(step - 1, step, lastOrder, before, Optional.of(predicted));
            }
            remember(predicted, latents);
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
            double step = schedule.lambda(to) - schedule.lambda(at);
            for (int i = 1; i < terms; i++) {
                ratios[i - 1] = (schedule.lambda(at - i) - schedule.lambda(at)) / step;
            }
            ratios[terms - 1] = 1;
            double h = target.noise() ? step : -step;
            double growth = Math.expm1(h);
            double weightOfTarget = target.noise() ? schedule.noise(to) : schedule.alpha(to);
            double scale = weightOfTarget * (solver == Solver.BH1 ? h : growth);
            double[] rhos = BhCoefficients.of(solver, h, ratios, corrected.isPresent());
            List<NDArray> past = remembered();
            double newest = -weightOfTarget * growth;
            WeightedSum sum = new WeightedSum().plus(carried(at, to), x);
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

        /** What is left of the latents when nothing is predicted. */
        private double carried(int at, int to) {
            return target.noise() ? schedule.alpha(to) / schedule.alpha(at) : schedule.noise(to) / schedule.noise(at);
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
