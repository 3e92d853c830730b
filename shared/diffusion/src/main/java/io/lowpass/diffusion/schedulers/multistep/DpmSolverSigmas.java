package io.lowpass.diffusion.schedulers.multistep;

import io.lowpass.diffusion.schedulers.noise.BetaSchedule;
import io.lowpass.diffusion.schedulers.noise.FinalSigma;
import io.lowpass.diffusion.schedulers.noise.FlowShift;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import io.lowpass.diffusion.schedulers.noise.SigmaRange;
import io.lowpass.diffusion.schedulers.noise.SigmaSchedule;
import io.lowpass.diffusion.schedulers.noise.SigmaSpacing;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import io.lowpass.diffusion.schedulers.noise.TrainingSigmas;

/**
 * The sigmas of diffusers' {@code DPMSolverMultistepScheduler}.
 *
 * @param flow whether they are flow sigmas ({@code use_flow_sigmas})
 * @param trained the sigmas of the training schedule; flow sigmas may end at the lowest of them
 * @param shift shift of flow sigmas
 * @param last the final sigma
 */
record DpmSolverSigmas(boolean flow, TrainingSigmas trained, FlowShift shift, FinalSigma last)
        implements SigmaSchedule {

    private static final String[] SPREADS = {
        "use_karras_sigmas", "use_lu_lambdas", "use_exponential_sigmas", "use_beta_sigmas"
    };

    static DpmSolverSigmas of(SchedulerConfig config) {
        boolean flow = config.flag("use_flow_sigmas", false);
        if (flow) {
            // With these spacings sigmas exceed 1, and the reference produces NaN.
            config.requireOff(SPREADS);
        }
        boolean lu = config.flag("use_lu_lambdas", false);
        SigmaSpacing spread = config.spread();
        boolean whole = (lu || spread == SigmaSpacing.KARRAS)
                && config.constant("beta_schedule", BetaSchedule.LINEAR) != BetaSchedule.SQUAREDCOS_CAP_V2;
        // The reference spaces Lu's lambdas evenly, that is, sigmas evenly in their logarithm; Karras takes precedence.
        TrainingSigmas trained = TrainingSigmas.of(
                config,
                new SigmaRange(lu && spread != SigmaSpacing.KARRAS ? SigmaSpacing.LU : spread),
                whole,
                config.limit("lambda_min_clipped", Double.NEGATIVE_INFINITY));
        return new DpmSolverSigmas(flow, trained, shift(config), config.finalLevel());
    }

    /** Without mu, the reference uses {@code flow_shift} for a dynamic shift. */
    private static FlowShift shift(SchedulerConfig config) {
        config.choice("time_shift_type", "exponential", "exponential");
        if (config.flag("use_dynamic_shifting", false) && !config.has(FlowShift.MU)) {
            return new FlowShift(config.above("flow_shift", 1), true);
        }
        return FlowShift.of(config, "flow_shift");
    }

    @Override
    public Sigmas forSteps(int steps) {
        double lowest = last == FinalSigma.ZERO ? 0 : trained.lowest();
        if (!flow) {
            return trained.forSteps(steps, lowest);
        }
        int trainSteps = trained.training().times();
        double[] alphas = Sigmas.spaced(1, 1.0 / trainSteps, steps + 1);
        double[] sigmas = new double[steps];
        double[] times = new double[steps];
        for (int i = 0; i < steps; i++) {
            sigmas[i] = shift.of(1 - alphas[steps - i]);
            times[i] = Math.floor(sigmas[i] * trainSteps);
        }
        return new Sigmas(times, sigmas, lowest);
    }
}
