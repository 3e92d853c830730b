package io.lowpass.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.ModelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * CLIP's tokenizer as its older folders hold it, {@code vocab.json} and {@code merges.txt}, brought into the form of
 * {@code tokenizer.json}: lower case, words and single digits and runs of signs apart, byte pairs within them.
 */
final class ClipVocabulary {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VOCABULARY = "vocab.json";
    private static final String MERGES = "merges.txt";

    /** Bytes of the pairs; CLIP's take half a million. */
    private static final int LONGEST_FILE = 8_000_000;

    private static final String BEGIN = "<|startoftext|>";
    private static final String END = "<|endoftext|>";
    private static final String PIECES = "'s|'t|'re|'ve|'m|'ll|'d|[\\\\p{L}]+|[\\\\p{N}]|[^\\\\s\\\\p{L}\\\\p{N}]+";

    private static final String RULES = """
            {"version": "1.0",
             "normalizer": {"type": "Sequence", "normalizers": [
               {"type": "NFC"},
               {"type": "Replace", "pattern": {"Regex": "\\\\s+"}, "content": " "},
               {"type": "Lowercase"}]},
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
               {"type": "Split", "pattern": {"Regex": "%s"}, "behavior": "Removed", "invert": true},
               {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true}]},
             "post_processor": {"type": "RobertaProcessing", "trim_offsets": false, "add_prefix_space": false},
             "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
             "model": {"type": "BPE", "unk_token": "%s", "continuing_subword_prefix": "", "end_of_word_suffix": "</w>",
               "fuse_unk": false}}
            """.formatted(PIECES, END);

    private ClipVocabulary() {}

    /** Whether a folder holds the older files, and not the newer one. */
    static boolean isIn(Path folder) {
        return !Files.isRegularFile(folder.resolve("tokenizer.json"))
                && Files.isRegularFile(folder.resolve(VOCABULARY))
                && Files.isRegularFile(folder.resolve(MERGES));
    }

    /**
     * Reads a folder.
     *
     * @throws IllegalArgumentException if the vocabulary is malformed or has not the tokens that begin and end a text
     */
    static ComponentConfig read(Path folder) {
        ComponentConfig vocabulary = ComponentConfig.file(folder.resolve(VOCABULARY));
        String merges = new String(ModelFile.bytes(folder.resolve(MERGES), LONGEST_FILE), StandardCharsets.UTF_8);
        try {
            ObjectNode rules = (ObjectNode) JSON.readTree(RULES);
            ObjectNode model = (ObjectNode) rules.get("model");
            model.set("vocab", vocabulary.json());
            addMerges(merges.lines(), model.putArray("merges"));
            ObjectNode ends = (ObjectNode) rules.get("post_processor");
            ArrayNode added = rules.putArray("added_tokens");
            ends.putArray("cls").add(BEGIN).add(special(vocabulary, BEGIN, added));
            ends.putArray("sep").add(END).add(special(vocabulary, END, added));
            return ComponentConfig.of(folder.toString(), rules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One pair a line, after a line that says the version. */
    private static void addMerges(Stream<String> lines, ArrayNode merges) {
        lines.filter(line -> !line.startsWith("#version") && !line.isBlank()).forEach(merges::add);
    }

    private static long special(ComponentConfig vocabulary, String token, ArrayNode added) {
        JsonNode id = vocabulary.json().path(token);
        if (!id.isIntegralNumber()) {
            throw vocabulary.refused(token, "the id of a token");
        }
        added.addObject()
                .put("id", id.asLong())
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        return id.asLong();
    }
}
