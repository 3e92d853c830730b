package io.lowpass.lab.statistics;

import io.lowpass.lab.statistics.Bootstrap.Interval;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * Statistics of one metric over many runs.
 *
 * @param runs number of runs
 * @param mean mean over all runs
 * @param deviation sample standard deviation, 0 for a single run
 * @param median median; the mean of the middle two for an even number
 * @param worst the worst run
 * @param interval 95 % interval of the mean; empty with fewer than {@value Bootstrap#FEWEST_CLUSTERS} clusters
 */
public record Summary(
        int runs, double mean, double deviation, double median, double worst, Optional<Interval> interval) {

    /** The probability that intervals are made for. */
    public static final double LEVEL = 0.95;

    /** Which direction is better. */
    public enum Better {
        HIGHER,
        LOWER
    }

    /**
     * Summarises a metric.
     *
     * @param clusters its values, grouped by dependence: one list per prompt
     * @throws IllegalArgumentException if there are no values
     */
    public static Summary of(List<List<Double>> clusters, Better better) {
        double[] all = clusters.stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .toArray();
        if (all.length == 0) {
            throw new IllegalArgumentException("no runs to sum up");
        }
        DescriptiveStatistics values = new DescriptiveStatistics(all);
        return new Summary(
                all.length,
                values.getMean(),
                values.getStandardDeviation(),
                values.getPercentile(50),
                better == Better.HIGHER ? values.getMin() : values.getMax(),
                Bootstrap.mean(clusters, LEVEL));
    }

    /** The same with another interval, of a mean that varies with more than these values. */
    public Summary with(Optional<Interval> other) {
        return new Summary(runs, mean, deviation, median, worst, other);
    }
}
