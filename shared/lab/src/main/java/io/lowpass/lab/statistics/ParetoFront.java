package io.lowpass.lab.statistics;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The results that no other beats in both cost and gain. */
public final class ParetoFront {

    private ParetoFront() {}

    /**
     * The front, cheapest first. A result is beaten by one that costs no more and gains no less, and is better in at least
     * one of both; equal results stay together.
     */
    public static <T> List<T> of(List<T> results, ToDoubleFunction<T> cost, ToDoubleFunction<T> gain) {
        return results.stream()
                .filter(one -> results.stream().noneMatch(other -> beats(other, one, cost, gain)))
                .sorted(Comparator.comparingDouble(cost))
                .toList();
    }

    private static <T> boolean beats(T one, T other, ToDoubleFunction<T> cost, ToDoubleFunction<T> gain) {
        int cheaper = Double.compare(cost.applyAsDouble(other), cost.applyAsDouble(one));
        int better = Double.compare(gain.applyAsDouble(one), gain.applyAsDouble(other));
        return cheaper >= 0 && better >= 0 && cheaper + better > 0;
    }
}
