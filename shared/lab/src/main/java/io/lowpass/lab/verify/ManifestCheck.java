package io.lowpass.lab.verify;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.lab.verify.CaseResult.Status;
import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Architecture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The parameters of public checkpoints, name by name, against the architecture that their configuration asks for. */
final class ManifestCheck {

    private static final String COMPONENT = "manifest";

    private final ObjectMapper json;
    private final Map<String, Function<ComponentConfig, Architecture>> architectures;

    ManifestCheck(ObjectMapper json, Map<String, Function<ComponentConfig, Architecture>> architectures) {
        this.json = json;
        this.architectures = Map.copyOf(architectures);
    }

    /** Matches every manifest of a folder. */
    List<CaseResult> run(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(this::match)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private CaseResult match(Path file) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
        try {
            JsonNode manifest = json.readTree(Files.readAllBytes(file));
            Architecture architecture = architecture(name, manifest.path("config"));
            architecture.requireMatch(shapes(manifest.path("parameters")));
            return new CaseResult(name, COMPONENT, Status.PASSED, Optional.empty(), Optional.empty(), Optional.empty());
        } catch (Unsupported e) {
            return CaseResult.without(name, COMPONENT, Status.UNSUPPORTED, String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException | IOException e) {
            return CaseResult.without(name, COMPONENT, Status.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private Architecture architecture(String name, JsonNode config) {
        String kind = name.replaceFirst("[^a-z].*\\.", ".");
        Function<ComponentConfig, Architecture> architecture = architectures.get(kind);
        if (architecture == null) {
            throw new Unsupported("parameters of " + kind);
        }
        return architecture.apply(ComponentConfig.of(name, config));
    }

    private static Map<String, Shape> shapes(JsonNode parameters) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        parameters
                .properties()
                .forEach(parameter -> shapes.put(
                        parameter.getKey(),
                        new Shape(StreamSupport.stream(parameter.getValue().spliterator(), false)
                                .mapToLong(JsonNode::asLong)
                                .toArray())));
        return shapes;
    }
}
