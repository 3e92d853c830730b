package io.lowpass.models.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Undoes the decoding of UTF-8 in an encoding with one byte per character. Bytes are characters 0 to 255 here. */
final class Mojibake {

    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");
    private static final Pattern CONTROL = Pattern.compile("[\\x80-\\x9f]");

    /** UTF-8 in which byte A0 became a space: only where the result is a likely character. */
    private static final Pattern SPACE_FOR_A0 = Pattern.compile("[\\xc2\\xc3\\xc5\\xce\\xd0\\xd9] "
            + "|[\\xe2\\xe3] [\\x80-\\x84\\x86-\\x9f\\xa1-\\xbf]"
            + "|[\\xe0-\\xe3][\\x80-\\x84\\x86-\\x9f\\xa1-\\xbf] "
            + "|\\xf0(?: [\\x80-\\xbf]{2}|[\\x80-\\xbf] [\\x80-\\xbf]|[\\x80-\\xbf]{2} )");

    /** An "a" with grave accent as a word of its own, but for the Portuguese contractions. */
    private static final Pattern A_GRAVE_WORD = Pattern.compile("\\xc3 (?! |quele|quela|quilo|s )");

    /** UTF-8 and CESU-8 in which bytes were lost, which became 1A or a question mark. */
    private static final Pattern LOSSY = Pattern.compile("[\\xc2-\\xdf]\\x1a"
            + "|[\\xc2\\xc3]\\?"
            + "|\\xed[\\xa0-\\xaf][\\x1a?]\\xed[\\xb0-\\xbf][\\x1a?\\x80-\\xbf]"
            + "|\\xed[\\xa0-\\xaf][\\x1a?\\x80-\\xbf]\\xed[\\xb0-\\xbf][\\x1a?]"
            + "|[\\xe0-\\xef](?:[\\x1a?][\\x1a\\x80-\\xbf]|[\\x1a\\x80-\\xbf][\\x1a?])"
            + "|[\\xf0-\\xf4](?:[\\x1a?][\\x1a\\x80-\\xbf]{2}|[\\x1a\\x80-\\xbf][\\x1a?][\\x1a\\x80-\\xbf]"
            + "|[\\x1a\\x80-\\xbf]{2}[\\x1a?])"
            + "|\\x1a");

    /** What Java and old databases write instead of UTF-8: a zero in two bytes, a pair of surrogates in six. */
    private static final Pattern VARIANT =
            Pattern.compile("\\xc0\\x80|\\xed[\\xa0-\\xaf][\\x80-\\xbf]\\xed[\\xb0-\\xbf][\\x80-\\xbf]");

    private static final String REPLACEMENT =
            new String("\ufffd".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

    private Mojibake() {}

    /** Decodes again what was decoded wrongly, as often as it was. */
    static String undo(String text) {
        String fixed = text;
        String before;
        do {
            before = fixed;
            fixed = undoOnce(before);
        } while (!fixed.equals(before));
        return fixed;
    }

    /** Replaces the control characters 80 to 9F by what Windows has in their place. */
    static String replaceControls(String text) {
        return CONTROL.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(String.valueOf(
                        CharacterMap.WINDOWS_1252.decode(match.group().charAt(0)))));
    }

    private static String undoOnce(String text) {
        if (ASCII.matcher(text).matches() || !Badness.isBad(text)) {
            return text;
        }
        return Stream.concat(CharacterMap.LATIN_LIKE.stream(), CharacterMap.OTHERS.stream())
                .flatMap(map -> reread(text, map).stream())
                .findFirst()
                .orElseGet(() -> undoInParts(text));
    }

    private static Optional<String> reread(String text, CharacterMap map) {
        return map.encode(text).flatMap(bytes -> {
            String repaired = bytes;
            if (map.spaceMayBeA0() && SPACE_FOR_A0.matcher(bytes).find()) {
                repaired = A_GRAVE_WORD.matcher(repaired).replaceAll("\u00c3\u00a0 ");
                repaired = SPACE_FOR_A0
                        .matcher(repaired)
                        .replaceAll(match -> match.group().replace(' ', '\u00a0'));
            }
            if (map.isLenient()) {
                repaired = LOSSY.matcher(repaired).replaceAll(REPLACEMENT);
            }
            return decode(repaired);
        });
    }

    private static String undoInParts(String text) {
        Matcher clues = Badness.UTF8_CLUES.matcher(text);
        String parts = clues.replaceAll(match -> Matcher.quoteReplacement(undoPart(match.group(), text.length())));
        return parts.equals(text) ? replaceControls(text) : parts;
    }

    private static String undoPart(String part, int whole) {
        return part.length() < whole && Badness.isBad(part) ? undo(part) : part;
    }

    private static Optional<String> decode(String bytes) {
        Matcher variants = VARIANT.matcher(bytes);
        StringBuilder text = new StringBuilder();
        int end = 0;
        while (variants.find()) {
            Optional<String> before = decodeStrictly(bytes.substring(end, variants.start()));
            if (before.isEmpty()) {
                return Optional.empty();
            }
            text.append(before.get()).appendCodePoint(codePoint(variants.group()));
            end = variants.end();
        }
        return decodeStrictly(bytes.substring(end))
                .map(rest -> text.append(rest).toString());
    }

    private static int codePoint(String variant) {
        if (variant.length() == 2) {
            return 0;
        }
        int high = (variant.charAt(1) & 0x0f) << 16 | (variant.charAt(2) & 0x3f) << 10;
        return 0x10000 + (high | (variant.charAt(4) & 0x0f) << 6 | (variant.charAt(5) & 0x3f));
    }

    private static Optional<String> decodeStrictly(String bytes) {
        try {
            ByteBuffer buffer = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return Optional.of(
                    StandardCharsets.UTF_8.newDecoder().decode(buffer).toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
