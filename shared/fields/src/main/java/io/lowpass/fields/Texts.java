package io.lowpass.fields;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text that travels: decoded without repair, and kept short where somebody else chose its length. */
public final class Texts {

    private static final int LONGEST_SHOWN = 6;

    private Texts() {}

    /**
     * Text from UTF-8.
     *
     * @param what the bytes are, for the error
     * @throws IllegalArgumentException if they are something else
     */
    public static String decode(ByteBuffer bytes, String what) {
        ByteBuffer in = bytes.slice();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(in)
                    .toString();
        } catch (CharacterCodingException e) {
            int at = in.position();
            throw new IllegalArgumentException("%s is not UTF-8: byte 0x%02x at %d".formatted(what, in.get(at), at), e);
        }
    }

    /** Whether the text has a form in UTF-8: half of a surrogate pair has none. */
    public static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** The start of a long text with its length; control characters and broken pairs made visible. */
    public static String shorten(String text, int characters) {
        // Texts may be megabytes: no more than what is shown is looked at closely.
        String start = text.substring(0, Math.min(text.length(), 2 * characters + 2));
        int length = start.length() == text.length() ? text.codePointCount(0, text.length()) : text.length();
        StringBuilder shown = new StringBuilder(Math.min(length, characters) + LONGEST_SHOWN);
        start.codePoints().limit(characters).forEach(point -> {
            if (Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE) {
                shown.append("\\u%04x".formatted(point));
            } else {
                shown.appendCodePoint(point);
            }
        });
        return length <= characters ? shown.toString() : shown + "… (" + length + " characters)";
    }

    /** A message of at most so many characters, lines and all; what is longer ends with an ellipsis. */
    public static String limit(String message, int characters) {
        if (message.length() <= characters && isUnicode(message)) {
            return message;
        }
        StringBuilder limited = new StringBuilder(Math.min(message.length(), characters));
        message.codePoints()
                .limit(characters - 1L)
                .filter(point -> Character.getType(point) != Character.SURROGATE)
                .forEach(limited::appendCodePoint);
        return message.length() <= characters
                ? limited.toString()
                : limited.append('…').toString();
    }
}
