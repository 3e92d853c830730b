package io.lowpass.diffusion.schedulers.noise;

/** The values of {@code beta_schedule}: the variance of the noise added at each training timestep. */
public enum BetaSchedule {
    /** Linear. */
    LINEAR,
    /** Linear in the square root. */
    SCALED_LINEAR,
    /** The signal decays as a squared cosine; the first and last beta are ignored. */
    SQUAREDCOS_CAP_V2;

    private static final double SHARPEST_BETA = 0.999;
    private static final double COSINE_OFFSET = 0.008;

    /** The betas from {@code first} to {@code last}, rounded to f32 as torch does. */
    public float[] of(double first, double last, int count) {
        if (this == LINEAR) {
            return spaced((float) first, (float) last, count);
        }
        float[] betas = spaced((float) Math.sqrt(first), (float) Math.sqrt(last), count);
        for (int time = 0; time < count; time++) {
            betas[time] = this == SCALED_LINEAR
                    ? betas[time] * betas[time]
                    : (float) Math.min(1 - cosine(time + 1, count) / cosine(time, count), SHARPEST_BETA);
        }
        return betas;
    }

    /** Evenly spaced values, computed from both ends to the middle, each rounded once. */
    private static float[] spaced(float from, float to, int count) {
        float gap = (to - from) / (count - 1);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = i < count / 2 ? Math.fma(gap, (float) i, from) : Math.fma(-gap, (float) (count - 1 - i), to);
        }
        return numbers;
    }

    private static double cosine(int time, int count) {
        double angle = ((double) time / count + COSINE_OFFSET) / (1 + COSINE_OFFSET) * Math.PI / 2;
        return Math.cos(angle) * Math.cos(angle);
    }

    /**
     * Checks {@code beta_start} or {@code beta_end}.
     *
     * @throws IllegalArgumentException if it is not between 0 and 1
     */
    public static void requireBeta(String name, double beta) {
        if (!(beta > 0 && beta < 1)) {
            throw new IllegalArgumentException(name + " " + beta + " is not between 0 and 1");
        }
    }
}
