package io.lowpass.cli;

import java.io.PrintWriter;
import java.util.OptionalInt;

/**
 * Shows the state of a long operation: one line that is updated in place on a terminal, otherwise one line per state.
 */
public final class LiveLine {

    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintWriter out;
    private final OptionalInt width;

    /** Writes to {@code out}, which is a terminal if its width is known. */
    public LiveLine(PrintWriter out, OptionalInt width) {
        this.out = out;
        this.width = width;
    }

    /** Shows the newest state. */
    public void show(String state) {
        if (width.isPresent()) {
            // The last column stays free, because a terminal that wraps there would show a second line.
            int most = Math.max(width.getAsInt() - 1, 1);
            out.print(ERASE_LINE + (state.length() <= most ? state : state.substring(0, most)));
        } else {
            out.println(state);
        }
        out.flush();
    }

    /** Prints a permanent line. */
    public void print(String line) {
        out.println(width.isPresent() ? ERASE_LINE + line : line);
        out.flush();
    }
}
