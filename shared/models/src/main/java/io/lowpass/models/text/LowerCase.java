package io.lowpass.models.text;

import java.util.Locale;

/**
 * Lower case by the Unicode standard (section 3.13) alone. The Java library looks at words where the standard looks at
 * letters to tell whether a sigma ends a word.
 */
final class LowerCase {

    private static final char CAPITAL_SIGMA = '\u03a3';
    private static final char FINAL_SIGMA = '\u03c2';
    private static final char SIGMA = '\u03c3';

    /** Signs within words, beside marks, modifiers and format characters. */
    private static final String WITHIN_WORDS =
            "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a";

    private LowerCase() {}

    /** A text in lower case. */
    static String of(String text) {
        if (text.indexOf(CAPITAL_SIGMA) < 0) {
            return text.toLowerCase(Locale.ROOT);
        }
        StringBuilder lower = new StringBuilder(text.length());
        int begin = 0;
        for (int i = text.indexOf(CAPITAL_SIGMA); i >= 0; i = text.indexOf(CAPITAL_SIGMA, begin)) {
            boolean last = isCased(text, i, -1) && !isCased(text, i, 1);
            lower.append(text.substring(begin, i).toLowerCase(Locale.ROOT)).append(last ? FINAL_SIGMA : SIGMA);
            begin = i + 1;
        }
        return lower.append(text.substring(begin).toLowerCase(Locale.ROOT)).toString();
    }

    /** Whether the next letter on one side has a case; what stands within words is passed over. */
    private static boolean isCased(String text, int from, int direction) {
        int i = from + direction;
        while (i >= 0 && i < text.length() && isPassedOver(text.charAt(i))) {
            i += direction;
        }
        if (i < 0 || i >= text.length()) {
            return false;
        }
        int letter = direction < 0 ? text.codePointBefore(i + 1) : text.codePointAt(i);
        return Character.isUpperCase(letter) || Character.isLowerCase(letter) || Character.isTitleCase(letter);
    }

    private static boolean isPassedOver(char c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default -> WITHIN_WORDS.indexOf(c) >= 0;
        };
    }
}
