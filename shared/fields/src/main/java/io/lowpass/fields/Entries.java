package io.lowpass.fields;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** An object whose names are the sender's own, and whose values are texts. */
public record Entries(int maxEntries, int maxBytes) implements Rule {
    @Override
    public void check(Fields fields, String name) {
        fields.object(name)
                .filter(object -> object.size() > maxEntries)
                .ifPresent(object -> fields.problems()
                        .add(
                                Violation.TOO_LONG,
                                fields.path(name),
                                object.size() + " entries",
                                "at most " + maxEntries));
    }

    @Override
    public String allowed() {
        return "at most " + maxEntries + " texts of at most " + maxBytes + " bytes in UTF-8";
    }

    @Override
    public ObjectNode schema() {
        ObjectNode schema = Rule.schema("object").put("maxProperties", maxEntries);
        schema.set("additionalProperties", Rule.schema("string").put("maxLength", maxBytes));
        return schema;
    }
}
