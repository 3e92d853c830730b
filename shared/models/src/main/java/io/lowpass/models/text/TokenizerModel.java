package io.lowpass.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.models.ComponentConfig;
import java.util.Map;
import java.util.Optional;

/** How a {@code tokenizer.json} cuts a text into tokens: by byte pairs, or by the likeliest pieces. */
final class TokenizerModel {

    private static final String FIELD = "model";
    private static final String VOCABULARY = "vocab";
    private static final String MERGES = "merges";
    private static final String TYPE = "type";
    private static final int LONGEST_SUFFIX = 16;

    /** Native code frees its tree of pieces a character deeper each call: a long piece ends the process. */
    private static final int LONGEST_PIECE = 1000;

    private TokenizerModel() {}

    /**
     * The checked model.
     *
     * @throws IllegalArgumentException if it is no model of byte pairs or pieces, or does not hold together
     */
    static JsonNode of(ComponentConfig definition) {
        ComponentConfig model =
                TokenizerDefinition.part(definition, FIELD, definition.json().path(FIELD));
        boolean pairs = model.json().path(VOCABULARY).isObject();
        // Older files do not say which it is.
        model.requireOneOf(TYPE, pairs ? "\"BPE\"" : "\"Unigram\"", "null")
                .requireOneOf("byte_fallback", "true", "false", "null");
        return pairs ? bytePairs(model) : pieces(model);
    }

    private static JsonNode pieces(ComponentConfig model) {
        JsonNode vocabulary = model.json().path(VOCABULARY);
        if (!vocabulary.isArray() || vocabulary.isEmpty()) {
            throw model.refused(VOCABULARY, "a list of pieces with their scores, or tokens with their ids");
        }
        for (int i = 0; i < vocabulary.size(); i++) {
            JsonNode piece = vocabulary.get(i);
            if (!isScored(piece)) {
                throw TokenizerDefinition.part(model, VOCABULARY, wrapped(i, piece))
                        .refused(
                                String.valueOf(i),
                                "a piece and its score, a finite number; a piece has at most " + LONGEST_PIECE
                                        + " characters");
            }
        }
        JsonNode unknown = model.json().path("unk_id");
        if (!TokenizerDefinition.isId(unknown) || unknown.intValue() >= vocabulary.size()) {
            throw model.refused(
                    "unk_id", "the number of the piece for what no other holds, 0 to " + (vocabulary.size() - 1));
        }
        return model.json();
    }

    private static boolean isScored(JsonNode piece) {
        return piece.size() == 2
                && piece.path(0).isTextual()
                && piece.path(0).textValue().length() <= LONGEST_PIECE
                && piece.path(1).isNumber()
                && Double.isFinite(piece.path(1).doubleValue());
    }

    private static JsonNode bytePairs(ComponentConfig model) {
        JsonNode vocabulary = model.json().path(VOCABULARY);
        Optional<String> wrong = vocabulary.properties().stream()
                .filter(token -> !TokenizerDefinition.isId(token.getValue()))
                .map(Map.Entry::getKey)
                .findFirst();
        wrong.ifPresent(
                token -> TokenizerDefinition.requireId(TokenizerDefinition.part(model, VOCABULARY, vocabulary), token));
        model.requireOneOf("dropout", "null", "0.0", "0")
                .requireOneOf("continuing_subword_prefix", "null", "\"\"")
                .requireOneOf("fuse_unk", "true", "false", "null")
                .requireOneOf("ignore_merges", "true", "false", "null");
        if (model.text("end_of_word_suffix").orElse("").length() > LONGEST_SUFFIX) {
            throw model.refused("end_of_word_suffix", "a text of at most " + LONGEST_SUFFIX + " characters");
        }
        model.text("unk_token").filter(token -> !vocabulary.has(token)).ifPresent(token -> {
            throw model.refused("unk_token", "a token of the vocabulary");
        });
        ObjectNode checked = model.json().deepCopy();
        checked.put(TYPE, "BPE");
        addMerges(model, checked.putArray(MERGES));
        return checked;
    }

    /** Newer files write a pair of pieces as two texts, where the library wants one with a space between them. */
    private static void addMerges(ComponentConfig model, ArrayNode joined) {
        JsonNode vocabulary = model.json().path(VOCABULARY);
        JsonNode merges = model.json().path(MERGES);
        if (!merges.isArray()) {
            throw model.refused(MERGES, "a list of pairs");
        }
        for (JsonNode merge : merges) {
            String text = merge.isArray() && merge.size() == 2
                    ? merge.get(0).asText() + ' ' + merge.get(1).asText()
                    : merge.asText();
            String[] pair = text.split(" ", -1);
            boolean holds = pair.length == 2
                    && vocabulary.has(pair[0])
                    && vocabulary.has(pair[1])
                    && vocabulary.has(pair[0] + pair[1]);
            if (!holds && !text.startsWith("#version")) {
                throw TokenizerDefinition.part(model, MERGES, wrapped(joined.size(), merge))
                        .refused(
                                String.valueOf(joined.size()),
                                "two tokens of the vocabulary that are one of it together");
            }
            joined.add(text);
        }
    }

    /** An entry of a list as a field, so that it can be refused by its number. */
    private static JsonNode wrapped(int number, JsonNode entry) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        fields.set(String.valueOf(number), entry);
        return fields;
    }
}
