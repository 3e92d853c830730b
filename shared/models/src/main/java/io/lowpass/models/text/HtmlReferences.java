package io.lowpass.models.text;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.nodes.Entities;
import org.jsoup.parser.Parser;

/**
 * HTML character references as Python's {@code html.unescape} resolves them. jsoup does so by the same standard; only
 * some numbers are resolved otherwise.
 */
final class HtmlReferences {

    private static final Pattern REFERENCE =
            Pattern.compile("&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\\t\\n\\f <&#;]{1,32};?)");
    private static final Pattern WHOLE_REFERENCE = Pattern.compile("&#?[0-9A-Za-z]{1,24};");
    private static final String REPLACEMENT = "\ufffd";

    private HtmlReferences() {}

    /** Resolves all references, also those without a semicolon where HTML 5 allows it. */
    static String resolve(String text) {
        return text.indexOf('&') < 0
                ? text
                : REFERENCE.matcher(text).replaceAll(match -> Matcher.quoteReplacement(resolved(match.group())));
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

    /** The character of a numeric reference, as BeautifulSoup has it; jsoup keeps the number 0 and halves of pairs. */
    static String numbered(String reference) {
        String character = Parser.unescapeEntities(reference, false);
        int number = character.codePointAt(0);
        return number == 0 || Character.getType(number) == Character.SURROGATE ? REPLACEMENT : character;
    }

    /** The characters of a name, if there is one. */
    static Optional<String> named(String name) {
        String value = Entities.getByName(name);
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
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
        return reference.startsWith("&#") ? allowed(numbered(reference)) : Parser.unescapeEntities(reference, false);
    }

    /** Python's {@code html} resolves the numbers of control characters (1) and of no characters (FFFE) to nothing. */
    private static String allowed(String character) {
        int number = character.codePointAt(0);
        boolean control = number == 0x7f || (number < 0x20 && "\t\n\f\r".indexOf(number) < 0);
        boolean noCharacter = (number >= 0xfdd0 && number <= 0xfdef) || (number & 0xfffe) == 0xfffe;
        return control || noCharacter ? "" : character;
    }
}
