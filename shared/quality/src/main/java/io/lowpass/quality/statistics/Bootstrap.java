package io.lowpass.quality.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Percentile intervals of a mean by the cluster bootstrap (Efron, 1979; Davison and Hinkley, 1997, section 2.4 and 3.8):
 * whole clusters are drawn with replacement, because results within one, such as the seeds of a prompt, depend on each
 * other.
 */
public final class Bootstrap {

    /** How many times the clusters are drawn. */
    public static final int RESAMPLES = 10_000;

    private static final long SEED = 20_260_101;

    private Bootstrap() {}

    /** From a lower bound to an upper one. */
    public record Interval(double low, double high) {}

    /**
     * The interval in which the mean lies with probability {@code level}: the same for the same values, since the draws
     * are. Empty with fewer than two clusters, which say nothing of how clusters differ.
     *
     * @param clusters the values of each cluster
     * @param level above 0 and below 1
     * @throws IllegalArgumentException if a cluster has no values or the level is out of bounds
     */
    public static Optional<Interval> mean(List<List<Double>> clusters, double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level " + level + " is not between 0 and 1");
        }
        if (clusters.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("a cluster without values cannot be drawn");
        }
        if (clusters.size() < 2) {
            return Optional.empty();
        }
        double[] sums = clusters.stream().mapToDouble(Bootstrap::sum).toArray();
        int[] counts = clusters.stream().mapToInt(List::size).toArray();
        double[] means = new double[RESAMPLES];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < RESAMPLES; i++) {
            double sum = 0;
            long count = 0;
            for (int draw = 0; draw < sums.length; draw++) {
                int cluster = random.nextInt(sums.length);
                sum += sums[cluster];
                count += counts[cluster];
            }
            means[i] = sum / count;
        }
        Arrays.sort(means);
        double tail = (1 - level) / 2;
        return Optional.of(new Interval(percentile(means, tail), percentile(means, 1 - tail)));
    }

    /** The value below which a share of the sorted values lies, between two of them on a straight line. */
    static double percentile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}
