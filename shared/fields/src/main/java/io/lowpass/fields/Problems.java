package io.lowpass.fields;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with a request, an option or a settings file, so that all of it is reported at once. */
public final class Problems {

    private final int most;
    private final List<Problem> problems = new ArrayList<>();
    private int count;

    /** Keeps all problems. */
    public Problems() {
        this(Integer.MAX_VALUE);
    }

    /**
     * Keeps the first problems.
     *
     * @param most how many are kept; the others are counted
     */
    public Problems(int most) {
        this.most = most;
    }

    /** Notes a problem. */
    public void add(Violation violation, String field, JsonNode value, String allowed) {
        count++;
        if (problems.size() < most) {
            problems.add(new Problem(violation, field, value, allowed));
        }
    }

    /** Notes a problem with something that is not a field, in words. */
    public void add(Violation violation, String field, String value, String allowed) {
        add(violation, field, TextNode.valueOf(value), allowed);
    }

    /** The problems that are kept, in the order in which they were found. */
    public List<Problem> list() {
        return List.copyOf(problems);
    }

    /** The number of problems, those that are not kept included. */
    public int count() {
        return count;
    }

    /** Whether there are any. */
    public boolean any() {
        return count > 0;
    }

    /**
     * Ends the reading.
     *
     * @param source what was read, for the message; empty if the paths of the fields say it
     * @throws InvalidFieldsException if there is a problem
     */
    public void requireNone(String source) {
        if (any()) {
            throw new InvalidFieldsException(source, list());
        }
    }
}
