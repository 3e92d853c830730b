package io.lowpass.contracts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The published JSON Schemas as text; they need no validator. */
public final class SchemaFiles {

    private static final Pattern NAME = Pattern.compile("[a-z0-9.]{1,100}");

    private SchemaFiles() {}

    /**
     * The JSON Schema with this name: that of an event's type, or {@code definitions}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static String text(String name) {
        String known = NAME.matcher(name).matches() ? name : "";
        try (InputStream in = SchemaFiles.class.getResourceAsStream("schema/" + known + ".json")) {
            if (in == null) {
                throw new IllegalArgumentException("No schema '" + name + "'");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
