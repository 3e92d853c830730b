package io.lowpass.cli;

import java.util.OptionalInt;

/** The terminal that standard output goes to, if it does. */
public final class Terminal {

    private static final int USUAL_WIDTH = 80;

    private Terminal() {}

    /**
     * Columns of the terminal; empty if standard output is none. The launcher says so in {@code LOWPASS_COLUMNS}: what
     * {@link System#console()} means by a terminal differs between Java versions.
     */
    public static OptionalInt width() {
        String columns = System.getenv("LOWPASS_COLUMNS");
        if (columns == null || columns.isEmpty()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : USUAL_WIDTH);
    }
}
