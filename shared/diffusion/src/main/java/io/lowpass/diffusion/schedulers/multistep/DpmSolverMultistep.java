package io.lowpass.diffusion.schedulers.multistep;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.noise.FinalSigma;
import io.lowpass.diffusion.schedulers.noise.FlowShift;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import io.lowpass.diffusion.schedulers.noise.SigmaSchedule;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import io.lowpass.diffusion.schedulers.noise.TrainingSigmas;
import io.lowpass.diffusion.schedulers.solver.AddedNoise;
import io.lowpass.diffusion.schedulers.solver.PredictionType;
import io.lowpass.diffusion.schedulers.solver.WeightedSum;
import java.util.List;
import java.util.Optional;

/**
 * Multistep DPM-Solver and DPM-Solver++ (Lu et al., 2022), deterministic or stochastic: diffusers' {@code
 * DPMSolverMultistepScheduler}. A stochastic solver draws its noise after the initial latents.
 *
 * @param sigmas the sigma schedule
 * @param target the quantity that the solver integrates
 * @param algorithm the variant
 * @param order order of the solver: number of predictions used, including the current one, 1 to 3
 * @param solver form of the second-order step
 * @param lowerOrderFinal whether the last steps of a short schedule (under 15 steps) have a lower order
 * @param eulerAtFinal whether the last step of any schedule is of first order
 * @param noise the noise of a stochastic variant
 */
public record DpmSolverMultistep(
        SigmaSchedule sigmas,
        SolverTarget target,
        DpmAlgorithm algorithm,
        int order,
        Solver solver,
        boolean lowerOrderFinal,
        boolean eulerAtFinal,
        AddedNoise noise)
        implements Scheduler {

    /** Below this many steps the reference lowers the order of the last steps. */
    private static final int SHORT = 15;

    /** The form of the second-order step. */
    public enum Solver {
        /** The derivative at the midpoint of the step. */
        MIDPOINT,
        /** The mean of the derivatives at both ends. */
        HEUN
    }

    public DpmSolverMultistep {
        int most = algorithm.highestOrder();
        if (order < 1 || order > most) {
            throw new IllegalArgumentException("solver_order " + order + " is not between 1 and " + most);
        }
    }

    /** The settings of Wan's own sampler. */
    public DpmSolverMultistep(double flowShift) {
        this(
                new DpmSolverSigmas(true, TrainingSigmas.usual(), new FlowShift(flowShift), FinalSigma.ZERO),
                SolverTarget.OF_FLOW,
                DpmAlgorithm.DPMSOLVER_PLUS_PLUS,
                2,
                Solver.MIDPOINT,
                true,
                false,
                AddedNoise.NONE);
    }

    public static DpmSolverMultistep of(SchedulerConfig config) {
        DpmSolverSigmas sigmas = DpmSolverSigmas.of(config);
        DpmAlgorithm algorithm = DpmAlgorithm.of(config, sigmas.last());
        SolverTarget target = SolverTarget.of(config, algorithm.followsNoise());
        if (target.type() == PredictionType.EPSILON) {
            config.requireOff("variance_type");
        }
        int order = config.integer("solver_order", 2);
        // The reference also accepts the names of UniPC's solver types, so that configs are interchangeable.
        String solver = config.choice("solver_type", "midpoint", "midpoint", "heun", "logrho", "bh1", "bh2");
        boolean lowerOrderFinal = config.flag("lower_order_final", true);
        boolean eulerAtFinal = config.flag("euler_at_final", false);
        config.requireNoProblems();
        return new DpmSolverMultistep(
                sigmas,
                target,
                algorithm,
                order,
                solver.equals("heun") ? Solver.HEUN : Solver.MIDPOINT,
                lowerOrderFinal,
                eulerAtFinal,
                new AddedNoise(algorithm.isStochastic(), Optional.empty()));
    }

    @Override
    public Scheduler drawingFrom(NoiseSource source) {
        return new DpmSolverMultistep(
                sigmas, target, algorithm, order, solver, lowerOrderFinal, eulerAtFinal, noise.drawnFrom(source));
    }

    @Override
    public Trajectory plan(int steps) {
        SchedulerConfig.requirePositive("steps", steps);
        return new DpmSolverTrajectory(
                sigmas.forSteps(steps), noise.wanted() ? Optional.of(noise.source()) : Optional.empty());
    }

    private final class DpmSolverTrajectory extends MultistepTrajectory {

        private final Optional<NoiseSource> added;

        DpmSolverTrajectory(Sigmas schedule, Optional<NoiseSource> added) {
            super(schedule, target, order);
            this.added = added;
        }

        @Override
        NDArray solve(int step, NDArray latents, NDArray predicted) {
            remember(predicted, latents);
            DpmAlgorithm.StepWeights weights = algorithm.weights(schedule, step);
            WeightedSum sum = new WeightedSum().plus(weights.carried(), latents);
            switch (orderAt(step)) {
                case 1 -> sum.plus(weights.value(), predicted);
                case 2 -> addSecondOrder(sum, step, weights);
                default -> addThirdOrder(sum, step, weights);
            }
            added.ifPresent(source -> sum.plus(weights.noise(), source.drawLike(latents)));
            return sum.sum();
        }

        private int orderAt(int step) {
            boolean eased = lowerOrderFinal && steps() < SHORT;
            int left = steps() - step;
            if (left == 1 && (eulerAtFinal || eased || sigmas.last() == FinalSigma.ZERO)) {
                return 1;
            }
            int limit = left == 2 && eased ? 2 : order;
            return Math.min(Math.min(limit, order), remembered().size());
        }

        private void addSecondOrder(WeightedSum sum, int step, DpmAlgorithm.StepWeights weights) {
            List<NDArray> past = remembered();
            double slope = solver == Solver.MIDPOINT ? 0.5 * weights.value() : weights.slope();
            double perStep = slope / ratio(step, step);
            sum.plus(perStep + weights.value(), past.get(0)).plus(-perStep, past.get(1));
        }

        private void addThirdOrder(WeightedSum sum, int step, DpmAlgorithm.StepWeights weights) {
            List<NDArray> past = remembered();
            double r0 = ratio(step, step);
            double r1 = ratio(step - 1, step);
            double slope = weights.slope();
            double bend = weights.bend();
            // D1 = (1 + share) newer - share older, D2 = (newer - older) / (r0 + r1), from the two first differences.
            double share = r0 / (r0 + r1);
            double newer = (slope * (1 + share) + bend / (r0 + r1)) / r0;
            double older = -(slope * share + bend / (r0 + r1)) / r1;
            sum.plus(newer + weights.value(), past.get(0))
                    .plus(older - newer, past.get(1))
                    .plus(-older, past.get(2));
        }

        /** Size of the step to {@code to}, in units of the current step. */
        private double ratio(int to, int step) {
            return (schedule.lambda(to) - schedule.lambda(to - 1))
                    / (schedule.lambda(step + 1) - schedule.lambda(step));
        }
    }
}
