package io.lowpass.caching.settings;

import java.util.List;
import java.util.stream.Collectors;

/** Cache settings that cannot be used, with everything that is wrong with them. */
public final class InvalidCacheSettingsException extends IllegalArgumentException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    /**
     * One field that cannot be used.
     *
     * @param field path of the field within the request, such as {@code cache.blocks.reuse}
     * @param value what it says
     * @param allowed what it may say
     */
    public record Problem(String field, String value, String allowed) {

        @Override
        public String toString() {
            return field + " " + value + " is not " + allowed;
        }
    }

    InvalidCacheSettingsException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** Everything that is wrong. */
    public List<Problem> problems() {
        return problems;
    }
}
