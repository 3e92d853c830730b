package io.lowpass.fields;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Decodes text without repairing it, and shortens text of unknown length. */
public final class Texts {

    private static final int LONGEST_SHOWN = 6;

    private Texts() {}

    /**
     * Decodes UTF-8.
     *
     * @param what name of the bytes in the error message
     * @throws IllegalArgumentException if they are not UTF-8
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

    /** Whether the text can be encoded in UTF-8, which unpaired surrogates cannot. */
    public static boolean isUnicode(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** The start of a long text with its length; control characters and unpaired surrogates are escaped. */
    public static String shorten(String text, int characters) {
        // The text may be megabytes long: inspect only what is shown.
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

    /** Truncates a message, line breaks included, to so many characters; a truncated one ends with an ellipsis. */
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
