package io.lowpass.contracts.request;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.contracts.FieldError;
import io.lowpass.contracts.JobEvent.Rejected;
import io.lowpass.contracts.Texts;
import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong with one request. */
final class Problems {

    private static final int SHOWN = 80;

    private final List<FieldError> errors = new ArrayList<>();
    private int count;

    /** Notes one; of many only the first are kept, for nobody reads thousands and no topic holds them. */
    void add(Problem problem, String field, String value, String allowed) {
        count++;
        if (errors.size() < Rejected.MAX_ERRORS) {
            errors.add(new FieldError(problem.code(), field, shorten(value), allowed));
        }
    }

    void add(Problem problem, String field, JsonNode value, String allowed) {
        add(problem, field, value.isTextual() ? value.textValue() : value.toString(), allowed);
    }

    List<FieldError> list() {
        return List.copyOf(errors);
    }

    /** How many there are, those that are not kept included. */
    int count() {
        return count;
    }

    boolean any() {
        return count > 0;
    }

    /** The start of a long value with its length; control characters and broken pairs made visible. */
    static String shorten(String value) {
        return Texts.shorten(value, SHOWN);
    }
}
