package io.lowpass.lab.quality;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.lowpass.tensor.Safetensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a reference implementation computed, as a folder stores it: {@code case.json} with the settings and the
 * tolerance, {@code tensors.safetensors} with inputs {@code in.NAME} and expected outputs {@code out.NAME}.
 *
 * @param name the folder's name
 * @param component what is tried: transformer, text_encoder, vae_decode, vae_encode, scheduler, random, prompt_clean,
 *     generation, …
 * @param folder the folder
 * @param model the component or pipeline folder that the case runs on; the case's own folder where it needs none
 * @param settings as stored
 * @param tolerance most of max|ours - expected| / max|expected| that passes
 */
public record ReferenceCase(
        String name, String component, Path folder, Path model, JsonNode settings, double tolerance) {

    // Python writes infinite settings as bare words.
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    /**
     * Reads one case.
     *
     * @throws IllegalArgumentException if the folder holds no readable case, with the reason
     */
    public static ReferenceCase read(Path folder) {
        Path file = folder.resolve("case.json");
        try {
            JsonNode json = JSON.readTree(Files.readString(file));
            if (!json.path("component").isTextual() || !json.path("tolerance").isNumber()) {
                throw new IllegalArgumentException(file + " needs 'component' and 'tolerance'");
            }
            return new ReferenceCase(
                    String.valueOf(folder.getFileName()),
                    json.get("component").asText(),
                    folder,
                    folder.resolve(json.path("model").asText("")).normalize(),
                    json.path("settings"),
                    json.get("tolerance").asDouble());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The folders below {@code directory} that hold a case, by name. */
    public static List<Path> foldersIn(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> Files.isRegularFile(entry.resolve("case.json")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    /** The tensors that go in, by name without {@code in.}; they belong to {@code owner}. */
    public Map<String, NDArray> inputs(NDManager owner) {
        return tensors(owner, "in.");
    }

    /** The tensors that must come out, by name without {@code out.}; they belong to {@code owner}. */
    public Map<String, NDArray> expected(NDManager owner) {
        return tensors(owner, "out.");
    }

    private Map<String, NDArray> tensors(NDManager owner, String prefix) {
        Path file = folder.resolve("tensors.safetensors");
        if (!Files.exists(file)) {
            return Map.of();
        }
        Map<String, NDArray> tensors = new TreeMap<>();
        try (Safetensors stored = Safetensors.open(file)) {
            stored.names().stream()
                    .filter(name -> name.startsWith(prefix))
                    .forEach(name -> tensors.put(name.substring(prefix.length()), stored.get(owner, name)));
        }
        return tensors;
    }
}
