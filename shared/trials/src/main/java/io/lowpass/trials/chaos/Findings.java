package io.lowpass.trials.chaos;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The violations that were found. Safe for many threads. */
final class Findings {

    private final Map<Violation, List<String>> lines = new EnumMap<>(Violation.class);

    Findings() {
        for (Violation kind : Violation.values()) {
            lines.put(kind, new ArrayList<>());
        }
    }

    /** The kinds of violations. */
    enum Violation {
        /** A job or record that was acknowledged but never answered, or a job that ended unexpectedly. */
        LOST,
        /** A job with more than one end, or two jobs for one name. */
        DOUBLED,
        /** A video that differs from that of an undisturbed run, or from the one in its event. */
        DIFFERENT,
        /** An object in the bucket that belongs to no completed job. */
        ORPHANS,
        /** A job, group or service that does not continue or does not come to rest. */
        STUCK;

        /** Name in reports, in lower case. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Adds a finding. */
    synchronized void add(Violation kind, String line) {
        lines.computeIfAbsent(kind, unused -> new ArrayList<>()).add(line);
    }

    /** The findings of one kind. */
    synchronized List<String> of(Violation kind) {
        return List.copyOf(lines.getOrDefault(kind, List.of()));
    }

    /** Whether there are no findings. */
    synchronized boolean isEmpty() {
        return lines.values().stream().allMatch(List::isEmpty);
    }
}
