package io.lowpass.lab.evaluate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Estimates the remaining time from finished runs of the same policy, or as if every step were computed. */
final class Timetable {

    private final Map<String, double[]> measured = new HashMap<>();
    private final double stepMs;
    private final double restMs;

    /**
     * Starts with the results of a warm-up.
     *
     * @param stepMs time of a computed step
     * @param restMs time of everything else in a run
     */
    Timetable(double stepMs, double restMs) {
        this.stepMs = stepMs;
        this.restMs = restMs;
    }

    /** Adds a finished run. */
    void add(String policy, double ms) {
        double[] sum = measured.computeIfAbsent(policy, name -> new double[2]);
        sum[0] += ms;
        sum[1]++;
    }

    /** Milliseconds of one run. */
    double of(Entrant entrant) {
        double[] sum = measured.get(entrant.name());
        return sum == null ? entrant.contender().steps() * stepMs + restMs : sum[0] / sum[1];
    }

    /** Milliseconds of several. */
    double of(List<Entrant> entrants) {
        return entrants.stream().mapToDouble(this::of).sum();
    }
}
