package io.lowpass.fields;

import java.util.List;
import java.util.stream.Collectors;

/** Fields that cannot be used, with everything that is wrong with them. */
public final class InvalidFieldsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /**
     * An error that names each field, its value and what is allowed.
     *
     * @param source what the fields are of; empty if their paths say it
     */
    public InvalidFieldsException(String source, List<Problem> problems) {
        super((source.isEmpty() ? "" : source + ": ")
                + problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong. */
    public List<Problem> problems() {
        return problems;
    }
}
