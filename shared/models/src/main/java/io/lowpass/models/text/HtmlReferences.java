package io.lowpass.models.text;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Entities;

/** HTML character references, by the rules of HTML 5 for text. */
final class HtmlReferences {

    private static final Pattern REFERENCE =
            Pattern.compile("&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)");
    private static final Pattern WHOLE_REFERENCE = Pattern.compile("&#?[0-9A-Za-z]{1,24};");
    private static final int LAST_CODE_POINT = 0x10FFFF;
    private static final String REPLACEMENT = "\ufffd";

    private HtmlReferences() {}

    /** Resolves all references, also those without a semicolon where HTML 5 allows it. */
    static String resolve(String text) {
        return text.indexOf('&') < 0
                ? text
                : REFERENCE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(resolved(match.group(1))));
    }

    /**
     * Resolves only what is certain: references with a semicolon; also those to lower-case letters and signs that were
     * put in upper case as a whole.
     */
    static String resolveWhole(String text) {
        return WHOLE_REFERENCE
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(resolvedWhole(match.group())));
    }

    private static String resolvedWhole(String reference) {
        if (reference.startsWith("&#")) {
            String resolved = resolve(reference);
            return resolved.contains(";") ? reference : resolved;
        }
        String name = reference.substring(1, reference.length() - 1);
        return named(name).or(() -> shouted(reference, name)).orElse(reference);
    }

    private static Optional<String> shouted(String reference, String name) {
        boolean upper = name.equals(name.toUpperCase(Locale.ROOT));
        return upper && resolve(reference).equals(reference)
                ? named(name.toLowerCase(Locale.ROOT)).map(value -> value.toUpperCase(Locale.ROOT))
                : Optional.empty();
    }

    private static String resolved(String reference) {
        return reference.startsWith("#") ? numbered(reference) : longestNamed(reference);
    }

    private static String longestNamed(String reference) {
        if (reference.endsWith(";")) {
            Optional<String> whole = named(reference.substring(0, reference.length() - 1));
            if (whole.isPresent()) {
                return whole.get();
            }
        }
        for (int end = reference.length(); end > 1; end--) {
            String name = reference.substring(0, end);
            if (Entities.isBaseNamedEntity(name)) {
                return Entities.getByName(name) + reference.substring(end);
            }
        }
        return "&" + reference;
    }

    /** The characters of a name, if there is one. */
    static Optional<String> named(String name) {
        String value = Entities.getByName(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }

    private static String numbered(String reference) {
        String digits =
                reference.endsWith(";") ? reference.substring(1, reference.length() - 1) : reference.substring(1);
        boolean hexadecimal = digits.charAt(0) == 'x' || digits.charAt(0) == 'X';
        return character(hexadecimal ? number(digits.substring(1), 16) : number(digits, 10));
    }

    /** The number, or one that is too large for a character. */
    private static int number(String digits, int radix) {
        int number = 0;
        for (int i = 0; i < digits.length() && number <= LAST_CODE_POINT; i++) {
            number = number * radix + Character.digit(digits.charAt(i), radix);
        }
        return number;
    }

    private static String character(int number) {
        boolean surrogate = number >= Character.MIN_SURROGATE && number <= Character.MAX_SURROGATE;
        if (number == 0 || surrogate || number > LAST_CODE_POINT) {
            return REPLACEMENT;
        }
        if (number >= 0x80 && number <= 0x9f) {
            return String.valueOf(CharacterMap.WINDOWS_1252.decode(number));
        }
        return number == '\r' || !isForbidden(number) ? Character.toString(number) : "";
    }

    /** Control characters and code points that are no characters. */
    private static boolean isForbidden(int number) {
        boolean control = number < 0x20 && "\t\n\f\r".indexOf(number) < 0;
        boolean noCharacter = (number >= 0xfdd0 && number <= 0xfdef) || (number & 0xfffe) == 0xfffe;
        return control || number == 0x7f || noCharacter;
    }
}
