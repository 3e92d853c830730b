package io.lowpass.diffusion.schedulers;

import java.util.stream.IntStream;

/**
 * The noise that a variance-preserving diffusion was trained with, as {@code UniPCMultistepScheduler} and
 * {@code DPMSolverMultistepScheduler} read it.
 *
 * @param times number of them
 * @param betas how the noise that is added at each time grows
 * @param firstBeta at time 0
 * @param lastBeta at the last time
 * @param zeroTerminal whether next to nothing of the signal is left at the last time (Lin et al., 2024)
 */
record TrainingNoise(int times, BetaSchedule betas, double firstBeta, double lastBeta, boolean zeroTerminal) {

    /** What the reference leaves of the signal where nothing should be left: a ratio must be finite. */
    private static final float NEXT_TO_NOTHING = 0x1p-24f;

    TrainingNoise {
        SchedulerConfig.requirePositive("num_train_timesteps", times);
        BetaSchedule.requireBeta("beta_start", firstBeta);
        BetaSchedule.requireBeta("beta_end", lastBeta);
    }

    /** The reference's own settings. */
    TrainingNoise(int times) {
        this(times, BetaSchedule.LINEAR, 0.0001, 0.02, false);
    }

    /** Reads the fields that both schedulers have. */
    static TrainingNoise of(SchedulerConfig config) {
        config.requireOff("trained_betas");
        return new TrainingNoise(
                config.positive("num_train_timesteps", 1000),
                config.constant("beta_schedule", BetaSchedule.LINEAR),
                config.share("beta_start", 0.0001),
                config.share("beta_end", 0.02),
                config.flag("rescale_betas_zero_snr", false));
    }

    /** The ratio of noise to signal at each time, with the reference's roundings to f32. */
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

    /** The share of signal in the variance at each time, in f32, by what is added at each. */
    static float[] signal(float[] added) {
        float[] signal = new float[added.length];
        double product = 1;
        for (int time = 0; time < added.length; time++) {
            product *= 1f - added[time];
            signal[time] = (float) product;
        }
        return signal;
    }
}
