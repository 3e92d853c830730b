package io.lowpass.diffusion.schedulers.noise;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** How sigmas are spaced between the first and the last. */
public enum SigmaSpacing {
    /** As the shift or the training schedule leaves them. */
    SHIFTED,
    /** Evenly in their seventh root (Karras et al., 2022, equation 5). */
    KARRAS,
    /** Evenly in their logarithm. */
    EXPONENTIAL,
    /** Evenly in lambda (Lu et al., 2022), which is also their logarithm; the reference rounds the ends to f32. */
    LU,
    /** Quantiles of a beta distribution, dense at both ends (Lee et al., 2024). */
    BETA;

    private static final double ROOT = 7;
    private static final double BETA_SHAPE = 0.6;
    private static final int TERMS = 60;
    private static final int HALVINGS = 60;

    /** Respaces sigmas between their first and last. */
    public double[] of(double[] sigmas) {
        return this == SHIFTED ? sigmas.clone() : between(sigmas[0], sigmas[sigmas.length - 1], sigmas.length);
    }

    /**
     * Spaces sigmas between two ends.
     *
     * @throws IllegalStateException for {@link #SHIFTED}, which the ends do not determine
     */
    double[] between(double first, double last, int count) {
        return switch (this) {
            case SHIFTED -> throw new IllegalStateException("shifted levels follow from more than their ends");
            case KARRAS ->
                spread(count, done -> Math.pow(even(Math.pow(first, 1 / ROOT), Math.pow(last, 1 / ROOT), done), ROOT));
            case EXPONENTIAL -> spread(count, done -> Math.exp(even(Math.log(first), Math.log(last), done)));
            case LU -> spread(count, done -> Math.exp(even((float) Math.log(first), (float) Math.log(last), done)));
            case BETA -> spread(count, done -> even(last, first, quantile(1 - done)));
        };
    }

    /** Sigmas from the share of steps before each. */
    private static double[] spread(int count, DoubleUnaryOperator level) {
        return IntStream.range(0, count)
                .mapToDouble(i -> level.applyAsDouble(Sigmas.between(0, 1, i, count)))
                .toArray();
    }

    private static double even(double from, double to, double share) {
        return from + share * (to - from);
    }

    /** The quantile of the symmetric beta distribution. */
    private static double quantile(double probability) {
        if (probability > 0.5) {
            return 1 - quantile(1 - probability);
        }
        double low = 0;
        double high = 0.5;
        for (int i = 0; i < HALVINGS; i++) {
            double middle = (low + high) / 2;
            boolean isBelow = gathered(middle) < probability * 2 * gathered(0.5);
            low = isBelow ? middle : low;
            high = isBelow ? high : middle;
        }
        return high;
    }

    /**
     * The integral of {@code t^(a-1) (1-t)^(a-1)} from 0 to {@code x}, at most 0.5, with the second factor as a power
     * series.
     */
    private static double gathered(double x) {
        double sum = 0;
        double power = 1;
        for (int n = 0; n < TERMS; n++) {
            sum += power / (BETA_SHAPE + n);
            power *= (n + 1 - BETA_SHAPE) / (n + 1) * x;
        }
        return Math.pow(x, BETA_SHAPE) * sum;
    }
}
