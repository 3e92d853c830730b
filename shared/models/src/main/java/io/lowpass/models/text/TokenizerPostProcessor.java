package io.lowpass.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.models.ComponentConfig;

/** The tokens that a {@code tokenizer.json} puts around those of a text. */
final class TokenizerPostProcessor {

    private static final String FIELD = "post_processor";
    private static final String PROCESSORS = "processors";
    private static final String SINGLE = "single";
    private static final String SPECIAL_TOKENS = "special_tokens";
    private static final int DEEPEST = 3;
    private static final int MOST = 32;

    private TokenizerPostProcessor() {}

    /**
     * The checked rule, or null; what it says of pairs of texts is left out.
     *
     * @throws IllegalArgumentException if it is none that is known, or names a token that it does not have
     */
    static JsonNode of(ComponentConfig definition) {
        return definition.has(FIELD)
                ? checked(
                        TokenizerDefinition.part(
                                definition, FIELD, definition.json().get(FIELD)),
                        1)
                : NullNode.getInstance();
    }

    private static JsonNode checked(ComponentConfig rule, int depth) {
        return switch (rule.text("type").orElse("")) {
            case "Sequence" -> sequence(rule, depth);
            case "TemplateProcessing" -> template(rule);
            case "RobertaProcessing", "BertProcessing" -> ends(rule);
            case "ByteLevel" ->
                rule.requireOneOf("add_prefix_space", "true", "false")
                        .requireOneOf("trim_offsets", "true", "false")
                        .json();
            default ->
                throw rule.refused(
                        "type", "one of BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing");
        };
    }

    private static JsonNode sequence(ComponentConfig rule, int depth) {
        JsonNode processors = rule.json().path(PROCESSORS);
        if (!processors.isArray() || processors.size() > MOST || depth > DEEPEST) {
            throw rule.refused(PROCESSORS, "a list of at most " + MOST + ", no deeper than " + DEEPEST + " in another");
        }
        ObjectNode checked = rule.json().deepCopy();
        ArrayNode list = checked.putArray(PROCESSORS);
        for (int i = 0; i < processors.size(); i++) {
            list.add(checked(TokenizerDefinition.part(rule, PROCESSORS + "[" + i + "]", processors.get(i)), depth + 1));
        }
        return checked;
    }

    private static JsonNode ends(ComponentConfig rule) {
        for (String end : new String[] {"cls", "sep"}) {
            JsonNode token = rule.json().path(end);
            if (token.size() != 2 || !token.path(0).isTextual() || !TokenizerDefinition.isId(token.path(1))) {
                throw rule.refused(end, "a token and its id");
            }
        }
        return rule.json();
    }

    /** One text, with tokens that are known around it. */
    private static JsonNode template(ComponentConfig rule) {
        JsonNode pieces = rule.json().path(SINGLE);
        long texts = pieces.valueStream().filter(TokenizerPostProcessor::isText).count();
        boolean known = pieces.valueStream()
                .filter(piece -> !isText(piece))
                .allMatch(piece -> isSpecialToken(
                        rule.json().path(SPECIAL_TOKENS),
                        piece.path("SpecialToken").path("id")));
        if (!pieces.isArray() || pieces.size() > MOST || texts != 1 || !known) {
            throw rule.refused(
                    SINGLE,
                    "a list of the Sequence A and of at most " + MOST + " of the " + SPECIAL_TOKENS + " around it");
        }
        ObjectNode checked = JsonNodeFactory.instance.objectNode().put("type", "TemplateProcessing");
        checked.set(SINGLE, pieces);
        ArrayNode pair = checked.putArray("pair");
        for (String text : new String[] {"A", "B"}) {
            pair.addObject().putObject("Sequence").put("id", text).put("type_id", 0);
        }
        checked.set(SPECIAL_TOKENS, rule.json().path(SPECIAL_TOKENS));
        return checked;
    }

    private static boolean isText(JsonNode piece) {
        return piece.path("Sequence").path("id").asText().equals("A");
    }

    private static boolean isSpecialToken(JsonNode tokens, JsonNode id) {
        JsonNode token = tokens.path(id.asText());
        JsonNode ids = token.path("ids");
        return id.isTextual()
                && token.path("id").asText().equals(id.asText())
                && ids.isArray()
                && !ids.isEmpty()
                && ids.size() <= MOST
                && ids.valueStream().allMatch(TokenizerDefinition::isId)
                && token.path("tokens").size() == ids.size()
                && token.path("tokens").valueStream().allMatch(JsonNode::isTextual);
    }
}
