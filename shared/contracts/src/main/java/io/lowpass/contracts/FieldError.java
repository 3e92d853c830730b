package io.lowpass.contracts;

import io.lowpass.fields.Problem;
import io.lowpass.fields.Texts;

/**
 * One error in a request.
 *
 * @param code machine-readable, dotted: {@code VALIDATION.MULTIPLE}
 * @param field path of the field: {@code cache.alpha}; empty for the request as a whole
 * @param value the value, shortened
 * @param allowed what is allowed
 */
public record FieldError(String code, String field, String value, String allowed) {

    private static final int MAX_SHOWN = 600;
    private static final int MAX_ALLOWED = 1_000;

    /** A problem as events tell it. */
    public static FieldError of(Problem problem) {
        return new FieldError(problem.violation().code(), problem.field(), problem.text(), problem.allowed());
    }

    public FieldError {
        field = Texts.limit(field, MAX_SHOWN);
        value = Texts.limit(value, MAX_SHOWN);
        allowed = Texts.limit(allowed, MAX_ALLOWED);
    }
}
