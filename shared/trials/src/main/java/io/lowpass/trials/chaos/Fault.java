package io.lowpass.trials.chaos;

import java.util.Locale;

/**
 * One fault of a schedule.
 *
 * @param at milliseconds after the run's beginning
 * @param mode one of {@link FaultKind#modes}
 * @param target the server or connection that it befalls
 * @param lasting milliseconds until it is lifted
 */
record Fault(long at, FaultKind kind, String mode, String target, long lasting) {

    private static final double MILLIS_PER_SECOND = 1000;

    /** Milliseconds after the run's beginning at which it is lifted. */
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
