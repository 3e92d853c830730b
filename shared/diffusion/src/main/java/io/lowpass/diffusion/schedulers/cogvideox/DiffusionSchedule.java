package io.lowpass.diffusion.schedulers.cogvideox;

import io.lowpass.diffusion.schedulers.noise.BetaSchedule;
import io.lowpass.diffusion.schedulers.noise.SchedulerConfig;
import io.lowpass.diffusion.schedulers.noise.Sigmas;
import io.lowpass.diffusion.schedulers.noise.TimestepSpacing;
import io.lowpass.diffusion.schedulers.noise.TrainingNoise;
import io.lowpass.diffusion.schedulers.noise.ZeroTerminalSnr;
import io.lowpass.diffusion.schedulers.solver.PredictionType;
import java.util.stream.IntStream;

/**
 * The noise schedule of CogVideoX's schedulers (Yang et al., 2024, section 2.4): variance-preserving, with a shifted
 * signal-to-noise ratio that is rescaled to zero at the start.
 *
 * @param trainSteps number of training timesteps
 * @param betas the beta schedule
 * @param firstBeta beta at timestep 0
 * @param lastBeta beta at the last timestep
 * @param snrShift divisor of the signal-to-noise ratio
 * @param zeroTerminal whether the schedule is rescaled so that the first step starts from pure noise (Lin et al., 2024)
 * @param endsClean whether the last step removes all noise, or leaves the noise of timestep 0
 * @param spacing how timesteps are spaced
 * @param offset added to timesteps with {@link TimestepSpacing#LEADING}
 * @param prediction what the model predicts
 */
public record DiffusionSchedule(
        int trainSteps,
        BetaSchedule betas,
        double firstBeta,
        double lastBeta,
        double snrShift,
        boolean zeroTerminal,
        boolean endsClean,
        TimestepSpacing spacing,
        int offset,
        PredictionType prediction) {

    public DiffusionSchedule {
        SchedulerConfig.requirePositive("num_train_timesteps", trainSteps);
        SchedulerConfig.requireShift("snr_shift_scale", snrShift);
        BetaSchedule.requireBeta("beta_start", firstBeta);
        BetaSchedule.requireBeta("beta_end", lastBeta);
        if (offset < 0) {
            throw new IllegalArgumentException("steps_offset " + offset + " is not at least 0");
        }
    }

    /** The settings of CogVideoX's repositories. */
    public static DiffusionSchedule published(double snrShift) {
        return new DiffusionSchedule(
                1000,
                BetaSchedule.SCALED_LINEAR,
                0.00085,
                0.012,
                snrShift,
                true,
                true,
                TimestepSpacing.TRAILING,
                0,
                PredictionType.V_PREDICTION);
    }

    public static DiffusionSchedule of(SchedulerConfig config) {
        config.requireOff("trained_betas");
        int trainSteps = config.integer("num_train_timesteps", 1000);
        BetaSchedule betas = config.constant("beta_schedule", BetaSchedule.SCALED_LINEAR);
        double firstBeta = config.number("beta_start", 0.00085);
        double lastBeta = config.number("beta_end", 0.012);
        double snrShift = config.number("snr_shift_scale", 3);
        boolean zeroTerminal = config.flag("rescale_betas_zero_snr", false);
        boolean endsClean = config.flag("set_alpha_to_one", true);
        TimestepSpacing spacing = config.constant("timestep_spacing", TimestepSpacing.LEADING);
        int offset = config.integer("steps_offset", 0);
        PredictionType prediction = config.constant("prediction_type", PredictionType.EPSILON);
        config.require(
                prediction != PredictionType.FLOW_PREDICTION,
                "prediction_type",
                "flow_prediction",
                "epsilon or sample or v_prediction");
        config.requireNoProblems();
        return new DiffusionSchedule(
                trainSteps, betas, firstBeta, lastBeta, snrShift, zeroTerminal, endsClean, spacing, offset, prediction);
    }

    /**
     * The schedule for a number of steps.
     *
     * @throws IllegalArgumentException if it is less than 1 or more than the number of training timesteps
     */
    AlphasCumprod forSteps(int steps) {
        SchedulerConfig.requirePositive("steps", steps);
        if (steps > trainSteps) {
            throw new IllegalArgumentException("steps " + steps + " is more than num_train_timesteps " + trainSteps
                    + ", which is allowed at most");
        }
        int[] times = times(steps);
        if (times[0] >= trainSteps) {
            throw new IllegalArgumentException("steps_offset " + offset + " is too large for " + steps + " steps of "
                    + trainSteps + ": time " + times[0] + " does not exist");
        }
        double[] alphas = alphas();
        double last = endsClean ? 1 : alphas[0];
        double[] visited = new double[steps];
        double[] next = new double[steps];
        for (int i = 0; i < steps; i++) {
            int after = times[i] - trainSteps / steps;
            visited[i] = alphas[times[i]];
            next[i] = after >= 0 ? alphas[after] : last;
        }
        return new AlphasCumprod(times, visited, next, trainSteps / steps, prediction);
    }

    private int[] times(int steps) {
        int[] times = new int[steps];
        for (int i = 0; i < steps; i++) {
            times[i] = switch (spacing) {
                case LINSPACE -> (int) Math.rint(Sigmas.between(0, trainSteps - 1.0, steps - 1 - i, steps));
                case LEADING -> (steps - 1 - i) * (trainSteps / steps) + offset;
                // The spacing as in the reference's array, rounded once.
                case TRAILING ->
                    (int) Math.rint(trainSteps + i * ((trainSteps - (double) trainSteps / steps) - trainSteps)) - 1;
            };
        }
        return times;
    }

    /**
     * The cumulative alphas at each training timestep; the reference computes only the scaled-linear schedule in f64.
     */
    private double[] alphas() {
        if (betas != BetaSchedule.SCALED_LINEAR) {
            float[] alphas = rounded();
            return IntStream.range(0, trainSteps)
                    .mapToDouble(time -> alphas[time])
                    .toArray();
        }
        double[] roots = Sigmas.spaced(Math.sqrt(firstBeta), Math.sqrt(lastBeta), trainSteps);
        double[] alphas = new double[trainSteps];
        double product = 1;
        for (int time = 0; time < trainSteps; time++) {
            product *= 1 - roots[time] * roots[time];
            alphas[time] = product / (snrShift + (1 - snrShift) * product);
        }
        return zeroTerminal ? ZeroTerminalSnr.of(alphas) : alphas;
    }

    private float[] rounded() {
        float[] alphas = TrainingNoise.signal(betas.of(firstBeta, lastBeta, trainSteps));
        float shift = (float) snrShift;
        float slope = (float) (1 - snrShift);
        for (int time = 0; time < trainSteps; time++) {
            alphas[time] = alphas[time] / (shift + slope * alphas[time]);
        }
        return zeroTerminal ? ZeroTerminalSnr.of(alphas) : alphas;
    }
}
