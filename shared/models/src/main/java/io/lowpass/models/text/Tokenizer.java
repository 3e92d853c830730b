package io.lowpass.models.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Opening;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * A Hugging Face tokenizer, read from {@code tokenizer.json} and {@code tokenizer_config.json}, or where a folder has
 * no such file from CLIP's older files or T5's {@code spiece.model}. What is in them is checked before native code reads
 * it. Safe for concurrent calls.
 */
public final class Tokenizer implements AutoCloseable {

    /** Tokens for gaps that T5 has beside those of its file, unless its settings say otherwise. */
    private static final int EXTRA_IDS = 100;

    /** Bytes of {@code tokenizer.json}; the largest that is known has 17 million. */
    private static final int LONGEST_FILE = 40_000_000;

    private static final int MOST_EXTRA_IDS = 10_000;

    private final HuggingFaceTokenizer tokenizer;
    private final int maxLength;
    private final long padId;

    private Tokenizer(HuggingFaceTokenizer tokenizer, int maxLength, long padId) {
        this.tokenizer = tokenizer;
        this.maxLength = maxLength;
        this.padId = padId;
    }

    /**
     * Opens a tokenizer folder.
     *
     * @param maxLength the number of tokens that prompts are cut or padded to, at least 1
     * @throws IllegalArgumentException if a file is missing or malformed, or the padding token has no id
     */
    public static Tokenizer open(Path folder, int maxLength) {
        if (maxLength < 1) {
            throw new IllegalArgumentException("maxLength is " + maxLength + ", allowed is at least 1");
        }
        Path file = folder.resolve("tokenizer.json");
        ComponentConfig definition = definition(folder, file);
        String padding = paddingToken(folder);
        long padId = paddingId(definition, padding);
        HuggingFaceTokenizer tokenizer =
                NativeTokenizers.open(definition.source(), TokenizerDefinition.checked(definition), maxLength);
        try (Opening opening = new Opening()) {
            opening.opened(tokenizer::close);
            int around = tokenizer.encode("").getIds().length;
            if (around > maxLength) {
                throw definition.refused(
                        "post_processor", "one that adds at most " + maxLength + " tokens, not " + around);
            }
            return opening.done(new Tokenizer(tokenizer, maxLength, padId));
        }
    }

    /**
     * Tokenizes a text: special tokens are added, what is too long is cut before the end token, what is too short is
     * padded.
     */
    public Tokens encode(String text) {
        Encoding encoding = tokenizer.encode(text);
        long[] real = encoding.getIds();
        long[] ids = Arrays.copyOf(real, maxLength);
        Arrays.fill(ids, real.length, maxLength, padId);
        return new Tokens(LongStream.of(ids).boxed().toList(), real.length);
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static ComponentConfig definition(Path folder, Path file) {
        if (ClipVocabulary.isIn(folder)) {
            return ClipVocabulary.read(folder);
        }
        Path pieces = folder.resolve("spiece.model");
        if (Files.isRegularFile(file) || !Files.isRegularFile(pieces)) {
            return ComponentConfig.file(file, LONGEST_FILE);
        }
        Path settings = folder.resolve("tokenizer_config.json");
        int extraIds = Files.isRegularFile(settings) ? extraIds(ComponentConfig.file(settings)) : EXTRA_IDS;
        return ComponentConfig.of(pieces.toString(), SentencePieceFile.definition(pieces, extraIds));
    }

    private static int extraIds(ComponentConfig settings) {
        JsonNode number = settings.json().path("extra_ids");
        boolean given = settings.has("extra_ids");
        if (given && (!number.isInt() || number.intValue() < 0 || number.intValue() > MOST_EXTRA_IDS)) {
            throw settings.refused("extra_ids", "a whole number from 0 to " + MOST_EXTRA_IDS);
        }
        return given ? number.intValue() : EXTRA_IDS;
    }

    private static String paddingToken(Path folder) {
        Path file = folder.resolve("tokenizer_config.json");
        if (!Files.isRegularFile(file)) {
            return "<pad>";
        }
        JsonNode token = ComponentConfig.file(file).json().path("pad_token");
        return token.isObject() ? token.path("content").asText() : token.asText("<pad>");
    }

    private static long paddingId(ComponentConfig definition, String token) {
        return definition
                .json()
                .path("added_tokens")
                .valueStream()
                .filter(added -> added.path("content").asText().equals(token))
                .mapToLong(added -> added.path("id").asLong())
                .findFirst()
                .orElseThrow(() -> definition.refused("added_tokens", "a list with the padding token " + token));
    }
}
