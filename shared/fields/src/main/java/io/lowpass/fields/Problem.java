package io.lowpass.fields;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One thing that is wrong.
 *
 * @param violation what is wrong with it
 * @param field path of the field: {@code cache.alpha}; empty for the whole
 * @param value its value; missing where there is none
 * @param allowed what would be right
 */
public record Problem(Violation violation, String field, JsonNode value, String allowed) {

    private static final int SHOWN = 80;

    /** The start of a long text with its length; control characters and broken pairs made visible. */
    public static String shorten(String text) {
        return Texts.shorten(text, SHOWN);
    }

    /** The value, shortened: text as it is, anything else as JSON, nothing where it is missing. */
    public String text() {
        return value.isMissingNode() ? "" : shorten(value.isTextual() ? value.textValue() : value.toString());
    }

    /** {@code FIELD is VALUE, allowed is ALLOWED}, with the value as JSON. */
    @Override
    public String toString() {
        return field + " is " + (value.isMissingNode() ? "missing" : shorten(value.toString())) + ", allowed is "
                + allowed;
    }
}
