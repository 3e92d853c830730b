package io.lowpass.diffusion.schedulers;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import java.util.List;

/**
 * DPM-Solver++ (Lu et al., 2022), multistep, on predictions of the clean latents: diffusers'
 * {@code DPMSolverMultistepScheduler} for flow matching.
 *
 * @param trainSteps length of the time scale that the model was trained on
 * @param flowShift how far noise levels are moved towards 1
 * @param order steps that the solver looks back on, the current one included: 1 to 3
 * @param solver the form of the second-order step
 * @param lowerOrderFinal whether the last steps of a short schedule (under 15 steps) look back on fewer
 * @param eulerAtFinal whether the last step is of first order in any schedule
 * @param lastSigma noise level after the last step
 */
public record DpmSolverMultistep(
        int trainSteps,
        double flowShift,
        int order,
        Solver solver,
        boolean lowerOrderFinal,
        boolean eulerAtFinal,
        double lastSigma)
        implements Scheduler {

    /** Below this many steps the reference lowers the order of the last ones. */
    private static final int SHORT = 15;

    /** The form of the second-order step. */
    public enum Solver {
        /** The derivative at the middle of the step. */
        MIDPOINT,
        /** The mean of the derivatives at its ends. */
        HEUN
    }

    public DpmSolverMultistep {
        SchedulerConfig.requireShift("flow_shift", flowShift);
        SchedulerConfig.requirePositive("num_train_timesteps", trainSteps);
        if (order < 1 || order > 3) {
            throw new IllegalArgumentException("solver_order " + order + " is not between 1 and 3");
        }
    }

    /** The settings of Wan's own sampler. */
    public DpmSolverMultistep(double flowShift) {
        this(1000, flowShift, 2, Solver.MIDPOINT, true, false, 0);
    }

    static DpmSolverMultistep of(SchedulerConfig config) {
        config.requireFlow();
        config.requireOff("use_dynamic_shifting", "thresholding", "rescale_betas_zero_snr");
        config.requireOff("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas", "use_lu_lambdas");
        config.requireOff("variance_type", "trained_betas");
        config.choice("algorithm_type", "dpmsolver++", "dpmsolver++");
        int trainSteps = config.integer("num_train_timesteps", 1000);
        double flowShift = config.number("flow_shift", 1);
        int order = config.integer("solver_order", 2);
        String solver = config.choice("solver_type", "midpoint", "midpoint", "heun");
        boolean lowerOrderFinal = config.flag("lower_order_final", true);
        boolean eulerAtFinal = config.flag("euler_at_final", false);
        double firstBeta = config.number("beta_start", 0.0001);
        double lastSigma = config.finalLevel() == FinalLevel.ZERO ? 0 : lowestOfDiffusion(firstBeta);
        config.requireNoProblems();
        return new DpmSolverMultistep(
                trainSteps,
                flowShift,
                order,
                solver.equals("heun") ? Solver.HEUN : Solver.MIDPOINT,
                lowerOrderFinal,
                eulerAtFinal,
                lastSigma);
    }

    /** The reference ends at the lowest level, in f32, of the diffusion schedule that flow matching does not use. */
    private static double lowestOfDiffusion(double firstBeta) {
        float signal = 1f - (float) firstBeta;
        return Math.sqrt((1f - signal) / signal);
    }

    @Override
    public Trajectory plan(int steps) {
        SchedulerConfig.requirePositive("steps", steps);
        double[] alphas = NoiseLevels.spaced(1, 1.0 / trainSteps, steps + 1);
        double[] sigmas = new double[steps];
        double[] timesteps = new double[steps];
        for (int i = 0; i < steps; i++) {
            sigmas[i] = NoiseLevels.shift(1 - alphas[steps - i], flowShift);
            timesteps[i] = Math.floor(sigmas[i] * trainSteps);
        }
        return new Path(new NoiseLevels(timesteps, sigmas, lastSigma));
    }

    private final class Path extends MultistepTrajectory {

        Path(NoiseLevels levels) {
            super(levels, order);
        }

        @Override
        NDArray solve(int step, NDArray latents, NDArray clean) {
            remember(clean, latents);
            double h = levels.lambda(step + 1) - levels.lambda(step);
            double growth = levels.alpha(step + 1) * Math.expm1(-h);
            WeightedSum sum = new WeightedSum().plus(levels.sigma(step + 1) / levels.sigma(step), latents);
            switch (orderAt(step)) {
                case 1 -> sum.plus(-growth, clean);
                case 2 -> addSecondOrder(sum, step, h, growth);
                default -> addThirdOrder(sum, step, h, growth);
            }
            return sum.sum();
        }

        private int orderAt(int step) {
            boolean eased = lowerOrderFinal && steps() < SHORT;
            int left = steps() - step;
            if (left == 1 && (eulerAtFinal || eased || lastSigma == 0)) {
                return 1;
            }
            int limit = left == 2 && eased ? 2 : order;
            return Math.min(Math.min(limit, order), remembered().size());
        }

        private void addSecondOrder(WeightedSum sum, int step, double h, double growth) {
            List<NDArray> past = remembered();
            double slope = solver == Solver.MIDPOINT ? -0.5 * growth : curvature(step, h);
            double perStep = slope / ((levels.lambda(step) - levels.lambda(step - 1)) / h);
            sum.plus(perStep - growth, past.get(0)).plus(-perStep, past.get(1));
        }

        private void addThirdOrder(WeightedSum sum, int step, double h, double growth) {
            List<NDArray> past = remembered();
            double r0 = (levels.lambda(step) - levels.lambda(step - 1)) / h;
            double r1 = (levels.lambda(step - 1) - levels.lambda(step - 2)) / h;
            double slope = curvature(step, h);
            double bend = -levels.alpha(step + 1) * ((Math.expm1(-h) + h) / (h * h) - 0.5);
            // D1 = (1 + share) newer - share older, D2 = (newer - older) / (r0 + r1), of the two first differences.
            double share = r0 / (r0 + r1);
            double newer = (slope * (1 + share) + bend / (r0 + r1)) / r0;
            double older = -(slope * share + bend / (r0 + r1)) / r1;
            sum.plus(newer - growth, past.get(0))
                    .plus(older - newer, past.get(1))
                    .plus(-older, past.get(2));
        }

        private double curvature(int step, double h) {
            return levels.alpha(step + 1) * (Math.expm1(-h) / h + 1);
        }
    }
}
