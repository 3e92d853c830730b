package io.lowpass.trials.chaos;

import java.util.Locale;

/**
 * One fault of a schedule.
 *
 * @param at start in milliseconds since the beginning of the run
 * @param mode one of {@link FaultKind#modes}
 * @param target the affected server or connection
 * @param lasting duration in milliseconds
 */
record Fault(long at, FaultKind kind, String mode, String target, long lasting) {

    private static final double MILLIS_PER_SECOND = 1000;

    /** End of the fault in milliseconds since the beginning of the run. */
    long end() {
        return at + lasting;
    }

    @Override
    public String toString() {
        String what = mode.equals(kind.toString()) ? mode : kind + " " + mode;
        return String.format(
                Locale.ROOT,
                "%.1f s: %s %s for %.1f s",
                at / MILLIS_PER_SECOND,
                what,
                target,
                lasting / MILLIS_PER_SECOND);
    }
}
