package io.lowpass.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.lowpass.models.ComponentConfig;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What a {@code tokenizer.json} does to a text before it is cut into tokens: the steps that are known and harmless. */
final class TokenizerRules {

    private static final int DEEPEST = 4;
    private static final int LONGEST_LIST = 32;
    private static final int LONGEST_TEXT = 64;

    private static final String REPLACEMENT = "replacement";
    private static final String PATTERN = "pattern";
    private static final String REGEX = "Regex";

    private static final Map<String, Consumer<ComponentConfig>> NORMALIZERS = new TreeMap<>(Map.of(
            "NFC", TokenizerRules::requirePlain,
            "NFD", TokenizerRules::requirePlain,
            "NFKC", TokenizerRules::requirePlain,
            "NFKD", TokenizerRules::requirePlain,
            "Lowercase", TokenizerRules::requirePlain,
            "StripAccents", TokenizerRules::requirePlain,
            "Strip", rule -> requireFlags(rule, "strip_left", "strip_right"),
            "Prepend", rule -> requireShort(rule, "prepend"),
            "Replace", TokenizerRules::requireReplace,
            "Precompiled", CharacterTrie::require));

    private static final Map<String, Consumer<ComponentConfig>> PRE_TOKENIZERS = new TreeMap<>(Map.of(
            "Metaspace",
            TokenizerRules::requireMetaspace,
            "ByteLevel",
            rule -> requireFlags(rule, "add_prefix_space", "trim_offsets"),
            "Split",
            TokenizerRules::requireSplit,
            "Whitespace",
            TokenizerRules::requirePlain,
            "WhitespaceSplit",
            TokenizerRules::requirePlain,
            "BertPreTokenizer",
            TokenizerRules::requirePlain,
            "Digits",
            rule -> requireFlags(rule, "individual_digits"),
            "Punctuation",
            TokenizerRules::requirePunctuation));

    private TokenizerRules() {}

    /** The checked normalizer, or null. */
    static JsonNode normalizer(ComponentConfig definition) {
        return checked(definition, "normalizer", "normalizers", NORMALIZERS);
    }

    /** The checked rule for the parts of a text that no token goes beyond, or null. */
    static JsonNode preTokenizer(ComponentConfig definition) {
        return checked(definition, "pre_tokenizer", "pretokenizers", PRE_TOKENIZERS);
    }

    private static JsonNode checked(
            ComponentConfig definition, String field, String list, Map<String, Consumer<ComponentConfig>> known) {
        if (definition.has(field)) {
            JsonNode rule = definition.json().get(field);
            require(TokenizerDefinition.part(definition, field, rule), list, known, 1);
        }
        return definition.has(field) ? definition.json().get(field) : NullNode.getInstance();
    }

    private static void require(
            ComponentConfig rule, String list, Map<String, Consumer<ComponentConfig>> known, int depth) {
        String type = rule.text("type").orElse("");
        if (type.equals("Sequence")) {
            JsonNode rules = rule.json().path(list);
            if (!rules.isArray() || rules.size() > LONGEST_LIST || depth > DEEPEST) {
                throw rule.refused(
                        list, "a list of at most " + LONGEST_LIST + ", no deeper than " + DEEPEST + " in another");
            }
            for (int i = 0; i < rules.size(); i++) {
                require(TokenizerDefinition.part(rule, list + "[" + i + "]", rules.get(i)), list, known, depth + 1);
            }
            return;
        }
        Consumer<ComponentConfig> check = known.get(type);
        if (check == null) {
            throw rule.refused("type", "Sequence or one of " + new TreeSet<>(known.keySet()));
        }
        check.accept(rule);
    }

    private static void requirePlain(ComponentConfig rule) {
        rule.ignoring("type").requireAllRead();
    }

    private static void requireMetaspace(ComponentConfig rule) {
        String text = rule.text(REPLACEMENT).orElse("");
        if (text.codePointCount(0, text.length()) != 1) {
            throw rule.refused(REPLACEMENT, "one character");
        }
        rule.requireOneOf("prepend_scheme", "null", "\"always\"", "\"first\"", "\"never\"")
                .requireOneOf("split", "null", "true", "false")
                .requireOneOf("add_prefix_space", "null", "true", "false");
    }

    private static void requireReplace(ComponentConfig rule) {
        requirePattern(rule);
        requireShort(rule, "content");
    }

    private static void requireSplit(ComponentConfig rule) {
        requirePattern(rule);
        requireBehavior(rule);
        requireFlags(rule, "invert");
    }

    private static void requirePunctuation(ComponentConfig rule) {
        if (rule.has("behavior")) {
            requireBehavior(rule);
        }
    }

    private static void requireBehavior(ComponentConfig rule) {
        rule.requireOneOf(
                "behavior",
                "\"Removed\"",
                "\"Isolated\"",
                "\"MergedWithPrevious\"",
                "\"MergedWithNext\"",
                "\"Contiguous\"");
    }

    private static void requirePattern(ComponentConfig rule) {
        JsonNode pattern = rule.json().path(PATTERN);
        JsonNode plain = pattern.path("String");
        if (plain.isTextual()
                && pattern.size() == 1
                && !plain.textValue().isEmpty()
                && plain.textValue().length() <= LONGEST_TEXT) {
            return;
        }
        JsonNode regex = pattern.path(REGEX);
        if (!regex.isTextual() || pattern.size() != 1 || !TokenizerPattern.isAllowed(regex.textValue())) {
            throw rule.refused(PATTERN, "a String, or a " + REGEX + " of " + TokenizerPattern.ALLOWED);
        }
    }

    private static void requireShort(ComponentConfig rule, String field) {
        JsonNode text = rule.json().path(field);
        if (!text.isTextual() || text.textValue().length() > LONGEST_TEXT) {
            throw rule.refused(field, "a text of at most " + LONGEST_TEXT + " characters");
        }
    }

    private static void requireFlags(ComponentConfig rule, String... fields) {
        for (String field : fields) {
            rule.requireOneOf(field, "true", "false");
        }
    }
}
