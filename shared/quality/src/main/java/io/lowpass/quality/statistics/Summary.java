package io.lowpass.quality.statistics;

import io.lowpass.quality.statistics.Bootstrap.Interval;
import java.util.List;
import java.util.Optional;

/**
 * One figure over many runs.
 *
 * @param runs how many
 * @param mean over all of them
 * @param deviation the sample's standard deviation, 0 for a single run
 * @param worst the worst run
 * @param interval in which the mean lies with a probability of 95 %; empty with fewer than two clusters
 */
public record Summary(int runs, double mean, double deviation, double worst, Optional<Interval> interval) {

    /** The probability that intervals are made for. */
    public static final double LEVEL = 0.95;

    /** Which end of a figure is the good one. */
    public enum Better {
        HIGHER,
        LOWER
    }

    /**
     * Sums up a figure.
     *
     * @param clusters its values, those that depend on each other together: one list for each prompt
     * @throws IllegalArgumentException if there are no values
     */
    public static Summary of(List<List<Double>> clusters, Better better) {
        double[] values = clusters.stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .toArray();
        if (values.length == 0) {
            throw new IllegalArgumentException("no runs to sum up");
        }
        double mean = java.util.Arrays.stream(values).average().orElseThrow();
        double squares = java.util.Arrays.stream(values)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        double least = java.util.Arrays.stream(values).min().orElseThrow();
        double most = java.util.Arrays.stream(values).max().orElseThrow();
        return new Summary(
                values.length,
                mean,
                values.length == 1 ? 0 : Math.sqrt(squares / (values.length - 1)),
                better == Better.HIGHER ? least : most,
                Bootstrap.mean(clusters, LEVEL));
    }
}
