package io.lowpass.diffusion.schedulers.noise;

import java.util.stream.IntStream;

/**
 * The training schedule of a variance-preserving diffusion, as {@code UniPCMultistepScheduler} and {@code
 * DPMSolverMultistepScheduler} read it.
 *
 * @param times number of timesteps
 * @param betas the beta schedule
 * @param firstBeta beta at timestep 0
 * @param lastBeta beta at the last timestep
 * @param zeroTerminal whether almost no signal is left at the last timestep (Lin et al., 2024)
 */
public record TrainingNoise(int times, BetaSchedule betas, double firstBeta, double lastBeta, boolean zeroTerminal) {

    /** The remaining signal in the reference where there should be none: the sigma must be finite. */
    private static final float NEXT_TO_NOTHING = 0x1p-24f;

    public TrainingNoise {
        SchedulerConfig.requirePositive("num_train_timesteps", times);
        BetaSchedule.requireBeta("beta_start", firstBeta);
        BetaSchedule.requireBeta("beta_end", lastBeta);
    }

    /** The reference's defaults. */
    TrainingNoise(int times) {
        this(times, BetaSchedule.LINEAR, 0.0001, 0.02, false);
    }

    /** Reads the fields that both schedulers have. */
    public static TrainingNoise of(SchedulerConfig config) {
        config.requireOff("trained_betas");
        return new TrainingNoise(
                config.positive("num_train_timesteps", 1000),
                config.constant("beta_schedule", BetaSchedule.LINEAR),
                config.share("beta_start", 0.0001),
                config.share("beta_end", 0.02),
                config.flag("rescale_betas_zero_snr", false));
    }

    /** The ratio of noise to signal at each timestep, rounded to f32 as in the reference. */
    double[] ratios() {
        float[] signal = signal(betas.of(firstBeta, lastBeta, times));
        if (zeroTerminal) {
            float[] stretched = ZeroTerminalSnr.of(signal);
            float[] added = new float[times];
            added[0] = 1f - stretched[0];
            for (int time = 1; time < times; time++) {
                added[time] = 1f - stretched[time] / stretched[time - 1];
            }
            signal = signal(added);
            signal[times - 1] = NEXT_TO_NOTHING;
        }
        float[] squares = new float[times];
        for (int time = 0; time < times; time++) {
            squares[time] = (1f - signal[time]) / signal[time];
        }
        float[] ratios = TorchSquareRoots.of(squares);
        return IntStream.range(0, times).mapToDouble(time -> ratios[time]).toArray();
    }

    /** The cumulative alpha at each timestep, in f32, from the betas. */
    public static float[] signal(float[] added) {
        float[] signal = new float[added.length];
        double product = 1;
        for (int time = 0; time < added.length; time++) {
            product *= 1f - added[time];
            signal[time] = (float) product;
        }
        return signal;
    }
}
