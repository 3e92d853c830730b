package io.lowpass.models.text;

import java.text.Normalizer;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes text less broken, by the rules of ftfy 6.3 with its default settings (Speer, 2019), which Wan's pipeline
 * applies: UTF-8 that was read in another encoding, escaped HTML, ligatures, full-width letters, curly quotes, line
 * breaks, control characters; then normalization form C. Repeated until nothing changes.
 */
final class TextRepair {

    private static final Pattern LIGATURE =
            Pattern.compile("[\ufb00-\ufb06\u0132\u0133\u0149\u01c4-\u01cc\u01f1-\u01f3]");
    private static final Map<String, String> UNLIKE_NFKC = Map.of("\ufb05", "\u017ft");
    private static final Pattern WIDE = Pattern.compile("[\u3000\uff01-\uffef]");
    private static final Pattern SINGLE_QUOTE = Pattern.compile("[\u02bc\u2018-\u201b]");
    private static final Pattern DOUBLE_QUOTE = Pattern.compile("[\u201c-\u201f]");
    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|[\r\u2028\u2029\u0085]");
    private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");
    private static final Pattern TERMINAL_ESCAPE = Pattern.compile("\u001b\\[[\\p{Nd};]*[a-zA-Z]");
    private static final Pattern CONTROL =
            Pattern.compile("[\\x00-\\x08\\x0b\\x0e-\\x1f\\x7f\\u206a-\\u206f\\ufeff\\ufff9-\\ufffc]");

    private TextRepair() {}

    /** Repairs a text, line by line. From the first line with a "less than" sign on, it is HTML and left escaped. */
    static String fix(String text) {
        StringBuilder fixed = new StringBuilder(text.length());
        boolean html = false;
        int begin = 0;
        while (begin < text.length()) {
            int lineFeed = text.indexOf('\n', begin);
            int end = lineFeed < 0 ? text.length() : lineFeed + 1;
            String line = text.substring(begin, end);
            html |= line.indexOf('<') >= 0;
            fixed.append(fixLine(line, !html));
            begin = end;
        }
        return fixed.toString();
    }

    private static String fixLine(String line, boolean unescape) {
        String fixed = line;
        String before;
        do {
            before = fixed;
            fixed = unescape ? HtmlReferences.resolveWhole(fixed) : fixed;
            fixed = simplify(Mojibake.undo(fixed));
        } while (!fixed.equals(before));
        return fixed;
    }

    private static String simplify(String text) {
        String fixed = Mojibake.replaceControls(text);
        fixed = LIGATURE.matcher(fixed).replaceAll(match -> apart(match.group()));
        fixed = WIDE.matcher(fixed).replaceAll(match -> Matcher.quoteReplacement(compatible(match.group())));
        fixed = DOUBLE_QUOTE.matcher(fixed).replaceAll("\"");
        fixed = SINGLE_QUOTE.matcher(fixed).replaceAll("'");
        fixed = LINE_BREAK.matcher(fixed).replaceAll("\n");
        fixed = LONE_SURROGATE.matcher(fixed).replaceAll("\ufffd");
        fixed = TERMINAL_ESCAPE.matcher(fixed).replaceAll("");
        fixed = CONTROL.matcher(fixed).replaceAll("");
        return Normalizer.normalize(fixed, Normalizer.Form.NFC);
    }

    private static String apart(String ligature) {
        return UNLIKE_NFKC.getOrDefault(ligature, compatible(ligature));
    }

    private static String compatible(String character) {
        return Normalizer.normalize(character, Normalizer.Form.NFKC);
    }
}
