package io.lowpass.diffusion.schedulers.noise;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Sigmas selected from a diffusion's training schedule, for UniPC and DPM-Solver.
 *
 * @param training the training schedule
 * @param spacing how timesteps are selected, if sigmas are not respaced
 * @param offset added to timesteps with {@link TimestepSpacing#LEADING}
 * @param spread how sigmas are respaced otherwise
 * @param wholeTimes whether the timesteps of respaced sigmas are rounded; otherwise they are truncated
 * @param lowestLambda timesteps with more noise are skipped; infinite for none
 */
public record TrainingSigmas(
        TrainingNoise training,
        TimestepSpacing spacing,
        int offset,
        SigmaRange spread,
        boolean wholeTimes,
        double lowestLambda) {

    /** Reads the fields that UniPC and DPM-Solver share. */
    public static TrainingSigmas of(
            SchedulerConfig config, SigmaRange spread, boolean wholeTimes, double lowestLambda) {
        return new TrainingSigmas(
                TrainingNoise.of(config),
                config.constant("timestep_spacing", TimestepSpacing.LINSPACE),
                config.integer("steps_offset", 0),
                spread,
                wholeTimes,
                lowestLambda);
    }

    /** The reference's default. */
    public static TrainingSigmas usual() {
        return new TrainingSigmas(
                new TrainingNoise(1000),
                TimestepSpacing.LINSPACE,
                0,
                new SigmaRange(SigmaSpacing.SHIFTED),
                false,
                Double.NEGATIVE_INFINITY);
    }

    /** The lowest sigma of the training schedule. */
    public double lowest() {
        return training.ratios()[0];
    }

    /** Respaced sigmas, from noisy to clean. */
    public double[] spread(int steps) {
        double[] ratios = training.ratios();
        return spread.of(ratios[ratios.length - 1], ratios[0], steps);
    }

    /**
     * The sigmas for a number of steps, plus a final one.
     *
     * @throws IllegalArgumentException if there are fewer than 1 step, or too few timesteps are left
     */
    public Sigmas forSteps(int steps, double last) {
        double[] ratios = training.ratios();
        double[] sigmas;
        double[] times;
        if (spread.form() == SigmaSpacing.SHIFTED) {
            times = visited(steps, ratios);
            int latest = ratios.length - 1;
            sigmas = Arrays.stream(times)
                    .map(time -> ratios[(int) Math.min(time, latest)])
                    .toArray();
        } else {
            DoubleUnaryOperator whole = wholeTimes ? Math::rint : Math::floor;
            sigmas = spread(steps);
            times = Arrays.stream(sigmas)
                    .map(sigma -> whole.applyAsDouble(timeOf(sigma, ratios)))
                    .toArray();
        }
        return new Sigmas(times, sigmas, last, Sigmas.Parameterization.VARIANCE_PRESERVING);
    }

    private double[] visited(int steps, double[] ratios) {
        int end = Math.toIntExact(Arrays.stream(ratios)
                .filter(ratio -> -Math.log(ratio) >= lowestLambda)
                .count());
        double gap = (double) training.times() / steps;
        requireEnough(steps, end, spacing == TimestepSpacing.TRAILING ? (steps - 1) * gap : 0);
        int whole = end / (steps + 1);
        double[] times = new double[steps];
        Arrays.setAll(times, i -> switch (spacing) {
            case LINSPACE -> Math.rint(Sigmas.between(0, end - 1.0, steps - i, steps + 1));
            case LEADING -> (double) (steps - i) * whole + offset;
            case TRAILING -> Math.rint(end + i * ((end - gap) - end)) - 1;
        });
        return times;
    }

    private void requireEnough(int steps, int end, double passed) {
        if (end <= passed) {
            throw new IllegalArgumentException("lambda_min_clipped " + lowestLambda + " leaves " + end + " times of "
                    + training.times() + ", which are too few for " + steps + " steps");
        }
    }

    /** The timestep of a sigma, interpolated in its logarithm. */
    private static double timeOf(double sigma, double[] ratios) {
        double log = Math.log(sigma);
        int low = 0;
        while (low < ratios.length - 2 && (float) Math.log(ratios[low + 1]) <= log) {
            low++;
        }
        float from = (float) Math.log(ratios[low]);
        float to = (float) Math.log(ratios[low + 1]);
        double share = Math.min(Math.max((from - log) / (from - to), 0), 1);
        return (1 - share) * low + share * (low + 1);
    }
}
