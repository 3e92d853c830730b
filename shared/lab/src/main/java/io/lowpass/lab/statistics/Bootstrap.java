package io.lowpass.lab.statistics;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/**
 * Percentile intervals by the cluster bootstrap (Efron, 1979; Davison and Hinkley, 1997, section 2.4 and 3.8): whole
 * clusters are drawn with replacement, because results within one, such as the seeds of a prompt, depend on each other.
 *
 * <p>Such an interval never reaches beyond the smallest and the largest cluster, so with n clusters its coverage is at
 * most 1 - 2<sup>1-n</sup>: 0.5 with two, 0.875 with four. With few clusters it would be too narrow, so fewer than
 * {@value #FEWEST_CLUSTERS} give none.
 *
 * <p>The draws are our own: commons-math has no bootstrap.
 */
public final class Bootstrap {

    /** How many times the clusters are drawn. */
    public static final int RESAMPLES = 10_000;

    /** How many clusters an interval needs. */
    public static final int FEWEST_CLUSTERS = 8;

    private static final long SEED = 20_260_101;

    private Bootstrap() {}

    /** From a lower bound to an upper one. */
    public record Interval(double low, double high) {}

    /**
     * The interval in which the mean lies with probability {@code level}: the same for the same values, since the draws
     * are. Empty with fewer than {@value #FEWEST_CLUSTERS} clusters.
     *
     * @param clusters the values of each cluster
     * @param level above 0 and below 1
     * @throws IllegalArgumentException if a cluster has no values or the level is out of bounds
     */
    public static Optional<Interval> mean(List<List<Double>> clusters, double level) {
        if (clusters.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("a cluster without values cannot be drawn");
        }
        double[] sums = clusters.stream().mapToDouble(Bootstrap::sum).toArray();
        int[] counts = clusters.stream().mapToInt(List::size).toArray();
        return of(
                clusters.size(),
                drawn -> {
                    double sum = 0;
                    long count = 0;
                    for (int cluster : drawn) {
                        sum += sums[cluster];
                        count += counts[cluster];
                    }
                    return sum / count;
                },
                level);
    }

    /**
     * The interval in which any figure of the clusters lies with probability {@code level}, where more than one of its
     * terms varies with them. Empty with fewer than {@value #FEWEST_CLUSTERS} clusters, or if the figure is not finite for
     * some draws.
     *
     * @param clusters how many there are
     * @param figure of clusters that were drawn, as many as there are, by their places from 0
     * @param level above 0 and below 1
     * @throws IllegalArgumentException if the level is out of bounds
     */
    public static Optional<Interval> of(int clusters, ToDoubleFunction<int[]> figure, double level) {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level " + level + " is not between 0 and 1");
        }
        if (clusters < FEWEST_CLUSTERS) {
            return Optional.empty();
        }
        SplittableRandom random = new SplittableRandom(SEED);
        int[] drawn = new int[clusters];
        double[] figures = new double[RESAMPLES];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int draw = 0; draw < clusters; draw++) {
                drawn[draw] = random.nextInt(clusters);
            }
            figures[i] = figure.applyAsDouble(drawn);
            if (!Double.isFinite(figures[i])) {
                return Optional.empty();
            }
        }
        Percentile percentile = new Percentile().withEstimationType(EstimationType.R_7);
        percentile.setData(figures);
        double tail = 100 * (1 - level) / 2;
        return Optional.of(new Interval(percentile.evaluate(tail), percentile.evaluate(100 - tail)));
    }

    private static double sum(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }
}
