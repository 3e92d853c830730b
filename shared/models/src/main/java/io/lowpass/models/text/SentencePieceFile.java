package io.lowpass.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.lowpass.tensor.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * T5's tokenizer as a SentencePiece file ({@code spiece.model}), which is all that some model folders ship, as the
 * {@code tokenizer.json} that transformers would make of it.
 *
 * <p>Not SentencePiece itself, which DJL offers too: it knows no tokens for gaps and none within a text. Of {@code
 * ball<extra_id_3> moving </s>} it makes pieces of letters, where transformers has the tokens 53 and 1.
 */
final class SentencePieceFile {

    private static final int PIECES = 1;
    private static final int TRAINER = 2;
    private static final int NORMALIZER = 3;
    private static final int MODEL_TYPE = 3;
    private static final int CHARACTER_MAP = 2;

    private static final long UNIGRAM = 1;
    private static final long NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;

    private static final String END = "</s>";

    /** Bytes; the largest that is known, of 256 000 pieces, has 4.5 million. */
    private static final int LONGEST_FILE = 8_000_000;

    /** What surrounds the pieces; %d is the id of the end token. */
    private static final String FRAME = """
            {
              "version": "1.0",
              "added_tokens": [],
              "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
                {"type": "WhitespaceSplit"},
                {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true}]},
              "post_processor": {"type": "TemplateProcessing",
                "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 0}}],
                "special_tokens": {"</s>": {"id": "</s>", "ids": [%d], "tokens": ["</s>"]}}},
              "decoder": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
              "model": {"type": "Unigram", "vocab": [], "byte_fallback": false}
            }""";

    private record Piece(String text, float score, long type) {

        static Piece of(ByteString bytes) throws InvalidProtocolBufferException {
            UnknownFieldSet piece = UnknownFieldSet.parseFrom(bytes);
            String text = last(piece.getField(1).getLengthDelimitedList(), ByteString.EMPTY)
                    .toStringUtf8();
            float score = Float.intBitsToFloat(last(piece.getField(2).getFixed32List(), 0));
            return new Piece(text, score, last(piece.getField(3).getVarintList(), NORMAL));
        }
    }

    private SentencePieceFile() {}

    /**
     * Reads a file.
     *
     * @param extraIds number of tokens that stand for gaps in a text, which the file leaves out
     * @throws IllegalArgumentException if it is no SentencePiece file of the kind that T5 has
     */
    static JsonNode definition(Path file, int extraIds) {
        byte[] bytes = ModelFile.bytes(file, LONGEST_FILE);
        try {
            return definition(UnknownFieldSet.parseFrom(bytes), extraIds);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " is no SentencePiece file: " + e.getMessage(), e);
        }
    }

    private static JsonNode definition(UnknownFieldSet message, int extraIds) throws InvalidProtocolBufferException {
        List<Piece> pieces = new ArrayList<>();
        for (ByteString piece : message.getField(PIECES).getLengthDelimitedList()) {
            pieces.add(Piece.of(piece));
        }
        long type = last(part(message, TRAINER).getField(MODEL_TYPE).getVarintList(), UNIGRAM);
        int end = pieces.stream().map(Piece::text).toList().indexOf(END);
        if (end < 0 || type != UNIGRAM) {
            throw new IllegalArgumentException("has model type " + type + " and " + pieces.size()
                    + " pieces, allowed is 1 (unigram) and an end token " + END);
        }
        ObjectNode root = frame(end);
        ArrayNode vocabulary = root.withArray("/model/vocab");
        ArrayNode added = root.withArray("added_tokens");
        for (Piece piece : pieces) {
            if (piece.type == UNKNOWN) {
                ((ObjectNode) root.get("model")).put("unk_id", vocabulary.size());
            }
            if (piece.type == UNKNOWN || piece.type == CONTROL) {
                add(added, vocabulary.size(), piece.text);
            }
            vocabulary.addArray().add(piece.text).add((double) piece.score);
        }
        for (int i = extraIds - 1; i >= 0; i--) {
            add(added, vocabulary.size(), "<extra_id_" + i + ">");
            vocabulary.addArray().add("<extra_id_" + i + ">").add(0.0);
        }
        ByteString map =
                last(part(message, NORMALIZER).getField(CHARACTER_MAP).getLengthDelimitedList(), ByteString.EMPTY);
        if (!map.isEmpty()) {
            root.putObject("normalizer")
                    .put("type", "Precompiled")
                    .put("precompiled_charsmap", Base64.getEncoder().encodeToString(map.toByteArray()));
        }
        return root;
    }

    /** A message within a message; empty where it is absent. */
    private static UnknownFieldSet part(UnknownFieldSet message, int field) throws InvalidProtocolBufferException {
        return UnknownFieldSet.parseFrom(last(message.getField(field).getLengthDelimitedList(), ByteString.EMPTY));
    }

    /** The value of a field that a message has once: of several, the last counts. */
    private static <T> T last(List<T> values, T absent) {
        return values.isEmpty() ? absent : values.get(values.size() - 1);
    }

    private static ObjectNode frame(int end) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(FRAME.formatted(end));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(ArrayNode added, int id, String text) {
        added.addObject()
                .put("id", id)
                .put("content", text)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }
}
