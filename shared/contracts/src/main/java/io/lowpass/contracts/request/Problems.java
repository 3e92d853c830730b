package io.lowpass.contracts.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.contracts.JobEvent.FieldError;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one request. */
final class Problems {

    private static final int SHOWN = 80;

    private final List<FieldError> errors = new ArrayList<>();

    void add(Problem problem, String field, String value, String allowed) {
        errors.add(new FieldError(problem.code(), field, shorten(value), allowed));
    }

    void add(Problem problem, String field, JsonNode value, String allowed) {
        add(problem, field, value.isTextual() ? value.textValue() : value.toString(), allowed);
    }

    List<FieldError> list() {
        return List.copyOf(errors);
    }

    boolean any() {
        return !errors.isEmpty();
    }

    /** The start of a long value with its length; control characters and broken pairs made visible. */
    static String shorten(String value) {
        int length = value.codePointCount(0, value.length());
        StringBuilder shown = new StringBuilder();
        value.codePoints().limit(SHOWN).forEach(point -> {
            if (Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE) {
                shown.append("\\u%04x".formatted(point));
            } else {
                shown.appendCodePoint(point);
            }
        });
        return length <= SHOWN ? shown.toString() : shown + "… (" + length + " characters)";
    }
}
