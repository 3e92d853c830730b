package io.lowpass.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.models.ComponentConfig;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a {@code tokenizer.json} says, read strictly before the native library sees it: that library ends the process at
 * much of what is malformed. It gets no more than what was checked here.
 */
final class TokenizerDefinition {

    private static final int LONGEST_TOKEN = 256;

    private TokenizerDefinition() {}

    /**
     * Checks a definition.
     *
     * @return what to give to the native library: nothing of lengths, which are the pipeline's to choose as in
     *     transformers, and nothing of decoding
     * @throws IllegalArgumentException if something is malformed or not supported, with file, field and what is allowed
     */
    static byte[] checked(ComponentConfig definition) {
        JsonNode root = definition.json();
        requireAddedTokens(definition);
        ObjectNode checked = JsonNodeFactory.instance.objectNode().put("version", "1.0");
        checked.putNull("truncation");
        checked.putNull("padding");
        checked.set("added_tokens", root.path("added_tokens"));
        checked.set("normalizer", TokenizerRules.normalizer(definition));
        checked.set("pre_tokenizer", TokenizerRules.preTokenizer(definition));
        checked.set("post_processor", TokenizerPostProcessor.of(definition));
        checked.putNull("decoder");
        checked.set("model", TokenizerModel.of(definition));
        return checked.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void requireAddedTokens(ComponentConfig definition) {
        JsonNode tokens = definition.json().path("added_tokens");
        if (!tokens.isArray()) {
            throw definition.refused("added_tokens", "a list of tokens");
        }
        for (int i = 0; i < tokens.size(); i++) {
            ComponentConfig token = part(definition, "added_tokens[" + i + "]", tokens.get(i));
            requireId(token, "id");
            String content = token.text("content").orElse("");
            if (content.isEmpty() || content.length() > LONGEST_TOKEN) {
                throw token.refused("content", "a text of 1 to " + LONGEST_TOKEN + " characters");
            }
            for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized", "special")) {
                token.requireOneOf(flag, "true", "false");
            }
        }
    }

    /** Refuses what is no id of a token. */
    static void requireId(ComponentConfig part, String field) {
        if (!isId(part.json().path(field))) {
            throw part.refused(field, "the id of a token: a whole number from 0 to 2147483647");
        }
    }

    static boolean isId(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= 0;
    }

    /**
     * A part of a definition.
     *
     * @throws IllegalArgumentException if it is no object
     */
    static ComponentConfig part(ComponentConfig of, String name, JsonNode node) {
        return ComponentConfig.of(of.source() + ": " + name, node);
    }
}
