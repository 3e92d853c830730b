package io.lowpass.models.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.models.ComponentConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A Hugging Face tokenizer, read from {@code tokenizer.json} and {@code tokenizer_config.json}, or where a folder has
 * no such file from CLIP's older files or T5's {@code spiece.model}. Safe for concurrent calls.
 */
public final class Tokenizer implements AutoCloseable {

    /** Tokens for gaps that T5 has beside those of its file, unless its settings say otherwise. */
    private static final int EXTRA_IDS = 100;

    private static final String OFFLINE = "ai.djl.offline";

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
        stayOffline();
        Path file = folder.resolve("tokenizer.json");
        ComponentConfig definition = definition(folder, file);
        String padding = paddingToken(folder);
        try {
            byte[] plain = withoutOwnLengths(definition.json());
            HuggingFaceTokenizer tokenizer =
                    HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(plain), options(maxLength));
            return new Tokenizer(tokenizer, maxLength, paddingId(definition, padding));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
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

    private static Map<String, String> options(int maxLength) {
        String length = String.valueOf(maxLength);
        return Map.of("truncation", "true", "maxLength", length, "modelMaxLength", length, "padding", "false");
    }

    private static ComponentConfig definition(Path folder, Path file) {
        if (ClipVocabulary.isIn(folder)) {
            return ClipVocabulary.read(folder);
        }
        Path pieces = folder.resolve("spiece.model");
        if (Files.isRegularFile(file) || !Files.isRegularFile(pieces)) {
            return ComponentConfig.file(file);
        }
        Path settings = folder.resolve("tokenizer_config.json");
        int extraIds = Files.isRegularFile(settings)
                ? ComponentConfig.file(settings).json().path("extra_ids").asInt(EXTRA_IDS)
                : EXTRA_IDS;
        return ComponentConfig.of(pieces.toString(), SentencePieceFile.definition(pieces, extraIds));
    }

    /** On a machine with CUDA, DJL would otherwise fetch a CUDA build of the tokenizers from the network. */
    private static void stayOffline() {
        if (System.getProperty(OFFLINE) == null) {
            System.setProperty(OFFLINE, "true");
        }
    }

    /** Lengths are the pipeline's to choose: what the file says of them is left out, as transformers overrides it. */
    private static byte[] withoutOwnLengths(JsonNode definition) throws IOException {
        ObjectNode copy = definition.deepCopy();
        copy.putNull("truncation");
        copy.putNull("padding");
        joinMerges(copy.path("model"));
        return new ObjectMapper().writeValueAsString(copy).getBytes(StandardCharsets.UTF_8);
    }

    /** Newer files write a pair of pieces as two texts, where the library wants one with a space between them. */
    private static void joinMerges(JsonNode model) {
        JsonNode merges = model.path("merges");
        if (!merges.isArray() || !merges.path(0).isArray()) {
            return;
        }
        ArrayNode joined = ((ObjectNode) model).putArray("merges");
        merges.forEach(
                pair -> joined.add(pair.path(0).asText() + ' ' + pair.path(1).asText()));
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
