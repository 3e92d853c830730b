package io.lowpass.tensor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the safetensors files of a component folder, by the names that diffusers and transformers give them. */
final class WeightFiles {

    private static final Pattern PLAIN =
            Pattern.compile("(diffusion_pytorch_model|model)\\.safetensors(\\.index\\.json)?");
    private static final Pattern VARIANT = Pattern.compile("(diffusion_pytorch_model|model)"
            + "(\\.(?!safetensors)[A-Za-z0-9_]+\\.safetensors|\\.safetensors\\.index\\.[A-Za-z0-9_]+\\.json"
            + "|\\.(?!safetensors)[A-Za-z0-9_]+\\.safetensors\\.index\\.json)");

    private static final Pattern OTHER =
            Pattern.compile("(?i).*\\.(bin|pt|pth|ckpt|gguf|ggml|onnx|msgpack|h5|npz|pkl|safetensors)");

    /** The largest index in bytes; a model with a trillion parameters has a few megabytes. */
    private static final int LONGEST_INDEX = 32_000_000;

    private WeightFiles() {}

    /**
     * The files to open.
     *
     * @throws IllegalArgumentException if the source does not exist, or has no weights, or more than one set of them
     */
    static List<Path> of(Path source) {
        if (!Files.isDirectory(source)) {
            ModelFile.require(source);
            return isIndex(source) ? shards(source) : List.of(source);
        }
        Path found = entry(source);
        return isIndex(found) ? shards(found) : List.of(found);
    }

    private static Path entry(Path folder) {
        List<Path> plain = matching(folder, PLAIN);
        List<Path> found = plain.isEmpty() ? matching(folder, VARIANT) : plain;
        if (found.isEmpty()) {
            throw new IllegalArgumentException(folder
                    + " has no diffusion_pytorch_model.safetensors, no model.safetensors and no index of either"
                    + others(folder));
        }
        if (found.size() > 1) {
            throw new IllegalArgumentException(folder + " has more than one set of weights: "
                    + found.stream().map(Path::getFileName).toList() + "; name one of these files");
        }
        return found.get(0);
    }

    private static List<Path> matching(Path folder, Pattern pattern) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            pattern.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be listed: " + e.getMessage(), e);
        }
    }

    /** Names weights of unsupported formats in a folder. */
    private static String others(Path folder) {
        List<Path> others = matching(folder, OTHER);
        return others.isEmpty()
                ? ""
                : "; it has " + others.get(0).getFileName() + ", of a format that Lowpass does not read:"
                        + " give the model's safetensors files";
    }

    private static boolean isIndex(Path file) {
        return file.getFileName().toString().endsWith(".json");
    }

    private static List<Path> shards(Path index) {
        JsonNode map = weightMap(index);
        List<Path> files = map.valueStream()
                .map(node -> node.isTextual() ? node.asText() : node.toString())
                .distinct()
                .sorted()
                .map(name -> shard(index, name))
                .toList();
        List<SafetensorsHeader> headers =
                files.stream().map(SafetensorsHeader::read).toList();
        map.properties().forEach(field -> {
            String shard = field.getValue().asText();
            boolean present = headers.stream()
                    .anyMatch(header ->
                            header.file().endsWith(shard) && header.entries().containsKey(field.getKey()));
            if (!present) {
                throw new IllegalArgumentException(
                        index + " places tensor '" + field.getKey() + "' in " + shard + ", which does not have it");
            }
        });
        return files;
    }

    private static JsonNode weightMap(Path index) {
        try {
            JsonNode map = new ObjectMapper()
                    .readTree(ModelFile.text(index, LONGEST_INDEX))
                    .path("weight_map");
            if (!map.isObject() || map.isEmpty()) {
                throw new IllegalArgumentException(index + " has no weight_map");
            }
            return map;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(index + " is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static Path shard(Path index, String name) {
        if (!name.endsWith(".safetensors") || name.contains("/") || name.contains("\\")) {
            throw new IllegalArgumentException(
                    index + " names the shard '" + name + "', allowed are file names that end in" + " .safetensors");
        }
        Path file = index.resolveSibling(name);
        if (!Files.exists(file) && !Files.isSymbolicLink(file)) {
            throw new IllegalArgumentException(
                    index + " names the shard " + name + ", which does not exist: download it as well");
        }
        return ModelFile.require(file);
    }
}
