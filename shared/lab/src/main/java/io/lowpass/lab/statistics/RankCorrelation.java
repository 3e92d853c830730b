package io.lowpass.lab.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/** Rank correlation. */
public final class RankCorrelation {

    private RankCorrelation() {}

    /**
     * Spearman's coefficient: 1 for the same order, -1 for the opposite one, not a number where one figure is the same
     * everywhere. Equal values share the mean of their ranks.
     *
     * @throws IllegalArgumentException if there are fewer than two pairs, or one figure has more values
     */
    public static double spearman(double[] xs, double[] ys) {
        if (xs.length != ys.length || xs.length < 2) {
            throw new IllegalArgumentException(xs.length + " and " + ys.length + " values are not two or more pairs");
        }
        return pearson(ranks(xs), ranks(ys));
    }

    private static double[] ranks(double[] values) {
        int[] order = IntStream.range(0, values.length)
                .boxed()
                .sorted((a, b) -> Double.compare(values[a], values[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] ranks = new double[values.length];
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && values[order[to]] == values[order[from]]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                ranks[order[i]] = (from + to - 1) / 2.0;
            }
            from = to;
        }
        return ranks;
    }

    private static double pearson(double[] xs, double[] ys) {
        double meanX = Arrays.stream(xs).average().orElseThrow();
        double meanY = Arrays.stream(ys).average().orElseThrow();
        double product = 0;
        double squareX = 0;
        double squareY = 0;
        for (int i = 0; i < xs.length; i++) {
            product += (xs[i] - meanX) * (ys[i] - meanY);
            squareX += (xs[i] - meanX) * (xs[i] - meanX);
            squareY += (ys[i] - meanY) * (ys[i] - meanY);
        }
        return product / Math.sqrt(squareX * squareY);
    }
}
