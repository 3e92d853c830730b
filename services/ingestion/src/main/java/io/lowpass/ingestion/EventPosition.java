package io.lowpass.ingestion;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the story of a job, which two topics tell: the offsets of the next record in the job's partition of each.
 * It is the id of a server-sent event, so that a client that comes back misses nothing and gets nothing twice.
 */
record EventPosition(long state, long progress) {

    private static final Pattern FORM = Pattern.compile("([0-9]{1,18})-([0-9]{1,18})");

    /** Reads what {@link #toString} writes; nothing if the text is something else. */
    static Optional<EventPosition> parse(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? Optional.of(new EventPosition(Long.parseLong(form.group(1)), Long.parseLong(form.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return state + "-" + progress;
    }
}
