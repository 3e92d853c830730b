package io.lowpass.diffusion.schedulers;

import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** How the levels of a schedule lie between its first and its last. */
public enum SigmaSpacing {
    /** As the shift or the training leaves them. */
    SHIFTED,
    /** Evenly in their seventh root (Karras et al., 2022, equation 5). */
    KARRAS,
    /** Evenly in their logarithm. */
    EXPONENTIAL,
    /** Evenly in lambda (Lu et al., 2022), which is their logarithm, too; the reference has that of the ends in f32. */
    LU,
    /** As the quantiles of a beta distribution, densely at both ends (Lee et al., 2024). */
    BETA;

    private static final double ROOT = 7;
    private static final double BETA_SHAPE = 0.6;
    private static final int TERMS = 60;
    private static final int HALVINGS = 60;

    /** As many levels as are given, from the first to the last of them. */
    double[] of(double[] sigmas) {
        return this == SHIFTED ? sigmas.clone() : between(sigmas[0], sigmas[sigmas.length - 1], sigmas.length);
    }

    /**
     * So many levels from the first to the last.
     *
     * @throws IllegalStateException for {@link #SHIFTED}, which is not told by the first and the last
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

    /** Levels by the share of the steps that lies before each. */
    private static double[] spread(int count, DoubleUnaryOperator level) {
        return IntStream.range(0, count)
                .mapToDouble(i -> level.applyAsDouble(Sigmas.between(0, 1, i, count)))
                .toArray();
    }

    private static double even(double from, double to, double share) {
        return from + share * (to - from);
    }

    /** Where the beta distribution of equal shapes, which is symmetric, has gathered a probability. */
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

    /** The integral of {@code t^(a-1) (1-t)^(a-1)} from 0 to {@code x}, at most 0.5: the second power as a series. */
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
