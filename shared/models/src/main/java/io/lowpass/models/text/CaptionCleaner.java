package io.lowpass.models.text;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * What Open-Sora does to a prompt before it tokenizes it: the rules by which the captions of its training were made
 * plain, which come from DeepFloyd IF by way of PixArt. Lower case; without addresses, markup, names of users and
 * files, numbers of articles, advertisement and odd punctuation.
 */
public final class CaptionCleaner {

    /** Classes of characters as Python knows them, for the abbreviations w, d and s. */
    private static final String WORD = "[\\p{L}\\p{N}_]";

    private static final String DIGIT = "\\p{Nd}";
    private static final String WHITE =
            "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
    private static final String BOUNDARY = "(?:(?<=" + WORD + ")(?!" + WORD + ")|(?<!" + WORD + ")(?=" + WORD + "))";

    private static final String DOMAIN = "[a-zA-Z0-9.-]+\\.(?:com|co|ru|net|org|edu|gov|it)[\\w/-]*\\b/?(?!@)";
    private static final String FILE = "(?:png|jpg|jpeg|bmp|webp|eps|pdf|apk|mp4)";
    private static final Pattern AT_THE_ENDS = pattern("^\\s+|\\s+$");
    private static final Pattern JOINT = Pattern.compile("[-_]");
    private static final int MOST_JOINTS = 3;

    private static final List<Rule> ADDRESSES = List.of(
            rule("<person>", "person"),
            rule("\\b(?:https?:(?:/{1,3}|[a-zA-Z0-9%])|" + DOMAIN + ")", ""),
            rule("\\b(?:www:(?:/{1,3}|[a-zA-Z0-9%])|" + DOMAIN + ")", ""));

    private static final List<Rule> SIGNS = List.of(
            rule("@\\w+\\b", ""),
            // From CJK strokes to the end of the unified ideographs.
            rule("[\\u31c0-\\u9fff]+", ""),
            rule(
                    "[-\\u058a\\u05be\\u1400\\u1806\\u2010-\\u2015\\u2e17\\u2e1a\\u2e3a\\u2e3b\\u2e40\\u301c\\u3030\\u30a0"
                            + "\\ufe31\\ufe32\\ufe58\\ufe63\\uff0d]+",
                    "-"),
            rule("[`\\u00b4\\u00ab\\u00bb\\u201c\\u201d\\u00a8]", "\""),
            rule("[\\u2018\\u2019]", "'"),
            rule("&quot;?", ""),
            rule("&amp", ""),
            rule("\\d{1,3}(?:\\.\\d{1,3}){3}", " "),
            rule("\\d:\\d\\d\\s+$", ""),
            rule("\\\\n", " "),
            rule("#\\d{1,3}\\b", ""),
            rule("#\\d{5,}\\b", ""),
            rule("\\b\\d{6,}\\b", ""),
            rule("\\S+\\." + FILE, ""),
            rule("[\"']{2,}", "\""),
            rule("\\.{2,}", " "),
            rule(
                    "[#\\u00ae\\u2022\\u00a9\\u2122&@\\u00b7\\u00ba\\u00bd-\\u00bf\\u00a1\\u00a7~()\\[\\]{}|\\\\/*]+",
                    " "),
            rule("\\s+\\.\\s+", " "));

    private static final List<Rule> WORDS = List.of(
            rule("\\b[a-zA-Z]{1,3}\\d{3,15}\\b", ""),
            rule("\\b[a-zA-Z]+\\d+[a-zA-Z]+\\b", ""),
            rule("\\b\\d+[a-zA-Z]+\\d+\\b", ""),
            rule("(?:worldwide\\s+)?(?:free\\s+)?shipping", ""),
            rule("(?:free\\s)?download(?:\\sfree)?", ""),
            rule("\\bclick\\b\\s(?:for|on)\\s\\w+", ""),
            rule("\\b" + FILE + "(?:\\simages?)?", ""),
            rule("\\bpage\\s+\\d+\\b", ""),
            rule("\\b\\d*[a-zA-Z]+\\d+[a-zA-Z]+\\d+[a-zA-Z\\d]*\\b", " "),
            // Sizes, written with a Latin x, a Cyrillic one or the sign of multiplication.
            rule("\\b\\d+\\.?\\d*[x\\u0445\\u00d7]\\d+\\.?\\d*\\b", ""),
            rule("\\b\\s+:\\s+", ": "),
            rule("(\\D[,./])\\b", "$1 "),
            rule("\\s+", " "),
            rule("^[\"']((?:.|\\n)+)[\"']$", "$1"),
            rule("^['_,:;-]", ""),
            rule("['_,:+-]$", ""),
            rule("^\\.\\S+$", ""));

    private CaptionCleaner() {}

    /** A pattern, and what replaces all that it matches. */
    private record Rule(Pattern pattern, String replacement) implements UnaryOperator<String> {

        @Override
        public String apply(String text) {
            return pattern.matcher(text).replaceAll(replacement);
        }
    }

    /** A caption as it was in training: cleaned twice, since the first time may bring to light what is to be removed. */
    public static String clean(String caption) {
        return once(once(caption));
    }

    private static String once(String caption) {
        String text = LowerCase.of(stripped(unquoted(caption)));
        text = HtmlText.of(all(ADDRESSES, text));
        text = all(SIGNS, text);
        if (JOINT.matcher(text).results().count() > MOST_JOINTS) {
            text = JOINT.matcher(text).replaceAll(" ");
        }
        text = HtmlReferences.resolve(HtmlReferences.resolve(TextRepair.fix(text)));
        return stripped(all(WORDS, stripped(text)));
    }

    private static String all(List<Rule> rules, String text) {
        String cleaned = text;
        for (Rule rule : rules) {
            cleaned = rule.apply(cleaned);
        }
        return cleaned;
    }

    private static String stripped(String text) {
        return AT_THE_ENDS.matcher(text).replaceAll("");
    }

    /** Undoes the escapes of addresses, a plus sign for a space included; what is no UTF-8 becomes U+FFFD. */
    private static String unquoted(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        ByteArrayOutputStream ascii = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int escaped = c == '%' ? hexadecimal(text, i + 1) : -1;
            if (escaped >= 0) {
                ascii.write(escaped);
                i += 2;
            } else if (c < 0x80) {
                ascii.write(c == '+' ? ' ' : c);
            } else {
                plain.append(ascii.toString(StandardCharsets.UTF_8)).append(c);
                ascii.reset();
            }
        }
        return plain.append(ascii.toString(StandardCharsets.UTF_8)).toString();
    }

    /** The number of two hexadecimal digits, or -1. */
    private static int hexadecimal(String text, int begin) {
        if (begin + 2 > text.length()) {
            return -1;
        }
        int high = Character.digit(text.charAt(begin), 16);
        int low = Character.digit(text.charAt(begin + 1), 16);
        boolean ascii = text.charAt(begin) < 0x80 && text.charAt(begin + 1) < 0x80;
        return ascii && high >= 0 && low >= 0 ? 16 * high + low : -1;
    }

    private static Rule rule(String regex, String replacement) {
        return new Rule(pattern(regex), replacement);
    }

    /** A pattern whose abbreviations mean what they mean in Python: Unicode letters and digits, but no marks. */
    private static Pattern pattern(String regex) {
        String plain = regex.replace("\\\\", "\u0000")
                .replace("\\w", WORD)
                .replace("\\d", DIGIT)
                .replace("\\D", "\\P{Nd}")
                .replace("\\s", "[" + WHITE + "]")
                .replace("\\S", "[^" + WHITE + "]")
                .replace("\\b", BOUNDARY)
                .replace("\u0000", "\\\\");
        return Pattern.compile(plain, Pattern.UNIX_LINES);
    }
}
