package io.lowpass.cli;

import java.util.OptionalInt;

/** The terminal of standard output, if any. */
public final class Terminal {

    private static final int USUAL_WIDTH = 80;

    private Terminal() {}

    /**
     * Width of the terminal in columns; empty if standard output is not a terminal. The launcher passes it in {@code
     * LOWPASS_COLUMNS}, because {@link System#console()} differs between Java versions.
     */
    public static OptionalInt width() {
        String columns = System.getenv("LOWPASS_COLUMNS");
        if (columns == null || columns.isEmpty()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(columns.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(columns) : USUAL_WIDTH);
    }
}
