package io.lowpass.lab.evaluate;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long the rest takes: by finished runs of the same policy, else as if every step of it were computed. */
final class Timetable {

    private final Map<String, double[]> measured = new HashMap<>();
    private final double stepMs;
    private final double restMs;

    /**
     * Begins with what a warm-up has shown.
     *
     * @param stepMs a computed step
     * @param restMs all else that a run takes
     */
    Timetable(double stepMs, double restMs) {
        this.stepMs = stepMs;
        this.restMs = restMs;
    }

    /** A run has ended. */
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
