package io.lowpass.models.text;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * The regular expressions that a {@code tokenizer.json} may have. The native library tries alternatives one after the
 * other, and ends the process when a text takes it too many tries, or when an expression is nested too deeply; so only
 * those are allowed that need at most a few tries for each character, whatever the text.
 */
final class TokenizerPattern {

    /** What is allowed, in words. */
    static final String ALLOWED =
            "alternatives of characters, classes and escapes, each with one repetition at most and"
                    + " no groups; or the expressions of CLIP, GPT-2, Llama 3 and Qwen 2";

    private static final int LONGEST = 1000;

    /** Groups and double repetitions that are known and harmless: a character ends the first or begins the second. */
    private static final Set<String> KNOWN = Set.of(
            "(?i:'s|'t|'re|'ve|'m|'ll|'d)",
            "(?i:[sdmt]|ll|ve|re)",
            "'(?:[sdmt]|ll|ve|re)",
            "'(?i:[sdmt]|ll|ve|re)",
            "\\s+(?!\\S)",
            "\\s*[\\r\\n]+",
            "\\s*[\\r\\n]",
            " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*");

    private static final String ESCAPE = "\\\\(?:[sSdDwWrnt]|p\\{\\^?[A-Z][a-z]?\\}|[|.+*?()\\[\\]{}\\\\^$'-])";
    private static final String CLASS = "\\[\\^?(?:" + ESCAPE + "|[^\\\\\\[\\]&|])+\\]";
    private static final String ATOM = "(?:" + ESCAPE + "|" + CLASS + "|[^\\\\\\[\\](){}.+*?|^$])";
    private static final String REPETITION = "(?:[+*]|\\{\\d{1,3}(?:,\\d{0,3})?\\})";

    /** Some characters, of which two may be absent; a repetition; some characters. */
    private static final Pattern SIMPLE =
            Pattern.compile("(?:%1$s){0,16}(?:%1$s\\?){0,2}(?:%1$s%2$s)?(?:%1$s){0,16}".formatted(ATOM, REPETITION));

    private TokenizerPattern() {}

    /** Whether an expression can be run on any text. */
    static boolean isAllowed(String expression) {
        if (expression.isEmpty() || expression.length() > LONGEST) {
            return false;
        }
        int begin = 0;
        while (begin <= expression.length()) {
            int end = end(expression, begin);
            String alternative = expression.substring(begin, end);
            if (alternative.isEmpty() || !isHarmless(alternative)) {
                return false;
            }
            begin = end + 1;
        }
        return true;
    }

    private static boolean isHarmless(String alternative) {
        return KNOWN.contains(alternative) || SIMPLE.matcher(alternative).matches();
    }

    /** Where an alternative ends: at the next bar outside of groups. */
    private static int end(String expression, int begin) {
        int depth = 0;
        for (int i = begin; i < expression.length(); i++) {
            char next = expression.charAt(i);
            if (next == '\\') {
                i++;
            } else if (next == '(') {
                depth++;
            } else if (next == ')') {
                depth--;
            } else if (next == '|' && depth <= 0) {
                return i;
            }
        }
        return expression.length();
    }
}
