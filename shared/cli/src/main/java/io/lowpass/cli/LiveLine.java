package io.lowpass.cli;

import java.io.PrintWriter;
import java.util.OptionalInt;

/** The state of something long: one line that changes in place on a terminal, a line for each state elsewhere. */
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
            // The last column stays free: a terminal that wraps there would show a second line.
            int most = Math.max(width.getAsInt() - 1, 1);
            out.print(ERASE_LINE + (state.length() <= most ? state : state.substring(0, most)));
        } else {
            out.println(state);
        }
        out.flush();
    }

    /** Shows a line that stays. */
    public void print(String line) {
        out.println(width.isPresent() ? ERASE_LINE + line : line);
        out.flush();
    }
}
