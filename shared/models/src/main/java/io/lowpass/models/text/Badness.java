package io.lowpass.models.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells text that was decoded in the wrong encoding by neighbours that no language has: an accented letter before a
 * currency sign, say. The kinds of characters and the pairs of kinds are those of ftfy 6.3 (Speer, 2019).
 */
final class Badness {

    private static final String WORD = "\\p{L}\\p{N}_";
    private static final String SPACE =
            "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
    private static final String AFTER_PUNCTUATION = "–—―‘’‚“”„•…";

    /** Kinds of characters, as the inside of a character class. */
    private static final Map<String, String> KINDS = kinds();

    private static final Pattern BAD = Pattern.compile(String.join("|", rules()));

    /** Runs of what may be bytes of UTF-8: a lead byte and as many continuation bytes as it announces. */
    static final Pattern UTF8_CLUES = utf8Clues();

    private Badness() {}

    /** Whether any of a text looks wrong. */
    static boolean isBad(String text) {
        return BAD.matcher(text).find();
    }

    private static Map<String, String> kinds() {
        Map<String, String> kinds = new HashMap<>();
        kinds.put("common", "\\xa0\\xad\\xb4\\xb7\\u2013-\\u2015\\u2019\\u2026");
        kinds.put("c1", "\\x80-\\x9f");
        kinds.put("bad", "\\xa4\\xa6\\xa8\\xaa\\xac\\xaf\\xb8\\xbaƒˆˇ˘˛˜†‡‰⌐◊\\ufffd");
        kinds.put("law", "§¶");
        kinds.put("currency", "¢£¥₧€");
        kinds.put("start", "¡©«¿\\u0384\\u0385‘‚“„•‹\\uf8ff");
        kinds.put("end", "®»\\u02dd”›™");
        kinds.put("numeric", "±-³µ¹¼-¾×÷⁄№∂∆∏∑√∞∩∫≈≠≡≤≥");
        kinds.put("face", "°Ò-ÖÙ-Üò-öø-üŌŐŪŲ");
        kinds.put("upper", "À-ÑØÜÝĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹĻĽŁŃŅŇŒŘŚŞŠŢŤŮŰŸŹŻŽҐ");
        kinds.put("lower", "ß-ñüāăąćčďđēėęěğģīįķĺļľłœŕśşšťźżžґ\\ufb01\\ufb02");
        kinds.put("upperOther", "ÞΆΈ-ΊΌΎΏΑ-ΫЁ-Я");
        kinds.put("lowerOther", "ά-ωа-џ");
        kinds.put("box", "│┌┐└┘├┤┬┼═-╬▀▄█▌▐-▓");
        return kinds;
    }

    private static List<String> rules() {
        List<String> rules = new ArrayList<>(rulesOfKinds());
        rules.addAll(rulesOfWindows());
        rules.addAll(List.of("√[±∂†≠®™´≤≥¥µø]", "≈[°¢]", "‚Ä[ìîïòôúùû†°¢π]", "‚[âó][àä°ê]"));
        return rules;
    }

    /** Neighbours that are wrong whatever the encoding was. */
    private static List<String> rulesOfKinds() {
        String signs = "box start end currency numeric law";
        return List.of(
                any("c1"),
                any("bad lower upper " + signs) + any("bad"),
                any("bad") + any("lower upper " + signs),
                "[a-zA-Z]" + any("lowerOther upperOther") + any("bad"),
                any("lower lowerOther box end currency numeric") + any("upper"),
                any("box end currency numeric") + any("lower"),
                any("lower box end") + any("currency"),
                SPACE + any("upper") + any("currency"),
                any("upper box") + any("numeric law"),
                any("lower upper box currency end") + any("start") + any("numeric"),
                any("lower upper currency numeric box law") + any("end") + any("start"),
                any("currency numeric box") + any("start"),
                "[a-z]" + any("upper") + any("start currency"),
                any("box") + any("face end"),
                any("lower upper currency numeric start end law") + any("box"),
                any("lower upper") + any("start end") + "[" + WORD + "]",
                "[Œœ][^A-Za-z]",
                any("upper") + "°");
    }

    /** Runs that certain Windows code pages make of common characters. */
    private static List<String> rulesOfWindows() {
        String arabic = "[ØÙ]" + any("common currency bad numeric start", "ŸŠ®°µ»");
        String inside = "c1 bad start end currency";
        return List.of(
                "[ÂÃÎÐ]" + any("start end", "€œŠš¢£Ÿž\\xa0\\xad®°·»–—´"),
                "×[²³]",
                arabic + arabic,
                "à[²µ¹¼½¾]",
                "вЂ",
                "[ВГРС]" + any(inside, "°µ") + "[ВГРС]",
                "ГўВЂВ[^\\n][A-Za-z ]",
                "Ã[\\xa0¡]",
                "[a-z]" + SPACE + "?[ÃÂ] ",
                "^[ÃÂ] ",
                any("end", "a-z.,?!") + "Â" + any("start end", " "),
                "β€[™\\xa0Ά\\xad®°]",
                "[ΒΓΞΟ]" + any(inside, "°") + "[ΒΓΞΟ]",
                "ā€");
    }

    private static String any(String kinds) {
        return any(kinds, "");
    }

    private static String any(String kinds, String others) {
        return Stream.of(kinds.split(" ")).map(Badness::kind).collect(Collectors.joining("", "[" + others, "]"));
    }

    private static String kind(String name) {
        String kind = KINDS.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("no kind of characters is called " + name);
        }
        return kind;
    }

    private static Pattern utf8Clues() {
        String continuation = bytes(0x80, 0xbf);
        String certain = "[" + continuation + "&&[^" + AFTER_PUNCTUATION + "]]";
        String next = "[ " + continuation + "]";
        return Pattern.compile("(?<!" + certain + ")(?:[" + bytes(0xc2, 0xdf) + "]" + next + "|[" + bytes(0xe0, 0xef)
                + "]" + next + "{2}|[" + bytes(0xf0, 0xf0) + bytes(0xf3, 0xf3) + "]" + next + "{3})+");
    }

    /** The letters that a range of bytes stands for in any of the Latin-like encodings. */
    private static String bytes(int first, int last) {
        return CharacterMap.LATIN_LIKE.stream()
                .flatMap(map -> new String(map.characters(first, last)).chars().boxed())
                .map(letter -> String.format("\\u%04x", letter))
                .distinct()
                .collect(Collectors.joining());
    }
}
