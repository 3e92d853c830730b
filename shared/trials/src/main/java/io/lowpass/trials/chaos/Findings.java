package io.lowpass.trials.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What is not as it should be. Safe for use by several threads. */
final class Findings {

    private final Map<Violation, List<String>> lines = new EnumMap<>(Violation.class);

    Findings() {
        for (Violation kind : Violation.values()) {
            lines.put(kind, new ArrayList<>());
        }
    }

    /** What can be wrong. */
    enum Violation {
        /** A job or record that was acknowledged and never answered, or a job that ended as nobody asked for. */
        LOST,
        /** A job with more than one end, or two jobs for one name. */
        DOUBLED,
        /** A video that is not the one that an undisturbed run makes, or not the one that is told of. */
        DIFFERENT,
        /** Something in the bucket that belongs to no completed job. */
        ORPHANS,
        /** Something that does not go on or does not come to rest: a job, a group, a service. */
        STUCK;

        /** Name in reports, in lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Notes one more. */
    synchronized void add(Violation kind, String line) {
        lines.computeIfAbsent(kind, unused -> new ArrayList<>()).add(line);
    }

    /** What was noted of a kind. */
    synchronized List<String> of(Violation kind) {
        return List.copyOf(lines.getOrDefault(kind, List.of()));
    }

    /** Whether nothing was noted. */
    synchronized boolean isEmpty() {
        return lines.values().stream().allMatch(List::isEmpty);
    }
}
