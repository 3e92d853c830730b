package io.lowpass.models.text;

import java.util.regex.Pattern;

/**
 * What Wan's pipeline does to a prompt before it tokenizes it: repair text that was decoded wrongly, resolve HTML
 * character references twice, fold white space.
 */
public final class PromptCleaner {

    /** White space as Python's {@code \s} and {@code str.strip} know it. */
    private static final Pattern WHITE_SPACE =
            Pattern.compile("[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+");

    private PromptCleaner() {}

    /** The prompt as the tokenizer gets it. */
    public static String clean(String prompt) {
        String repaired = TextRepair.fix(prompt);
        String resolved = HtmlReferences.resolve(HtmlReferences.resolve(repaired));
        String folded = WHITE_SPACE.matcher(resolved).replaceAll(" ");
        return folded.startsWith(" ") || folded.endsWith(" ") ? stripped(folded) : folded;
    }

    private static String stripped(String folded) {
        int begin = folded.startsWith(" ") ? 1 : 0;
        int end = folded.endsWith(" ") ? folded.length() - 1 : folded.length();
        return begin < end ? folded.substring(begin, end) : "";
    }
}
