package io.lowpass.cli;

import java.util.Locale;

/** A text progress bar. */
public final class ProgressBar {

    private static final int CELLS = 24;
    private static final double MILLIS_PER_SECOND = 1000;

    private ProgressBar() {}

    /** A bar for a fraction. */
    public static String of(double fraction) {
        int full = (int) Math.round(fraction * CELLS);
        return "[" + "#".repeat(full) + ".".repeat(CELLS - full) + "]";
    }

    /** Formats a duration as minutes and seconds, with hours if necessary. */
    public static String clock(double millis) {
        long seconds = Math.round(millis / MILLIS_PER_SECOND);
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
