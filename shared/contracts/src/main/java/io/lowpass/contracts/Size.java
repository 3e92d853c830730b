package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Width and height of a video in pixels, written {@code 832x480}. */
public record Size(int width, int height) {

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})x([1-9][0-9]{0,4})");

    /**
     * Reads {@code WIDTHxHEIGHT}.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    @JsonCreator
    public static Size of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not WIDTHxHEIGHT in pixels, such as 832x480");
        }
        return new Size(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
    }

    @Override
    @JsonValue
    public String toString() {
        return width + "x" + height;
    }
}
