package io.lowpass.local.verify;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.local.verify.CaseResult.Status;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.text.T5Config;
import io.lowpass.models.vae.WanVae;
import io.lowpass.models.vae.WanVaeConfig;
import io.lowpass.models.wan.WanArchitecture;
import io.lowpass.models.wan.WanConfig;
import io.lowpass.tensor.Architecture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The parameters of public checkpoints, name by name, against the architecture that their configuration asks for. */
final class ManifestCheck {

    private static final String COMPONENT = "manifest";

    private final ObjectMapper json;

    ManifestCheck(ObjectMapper json) {
        this.json = json;
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

    private static Architecture architecture(String name, JsonNode config) {
        if (!name.startsWith("wan2.1")) {
            throw new Unsupported("family of " + name);
        }
        String component = name.substring(name.lastIndexOf('.') + 1);
        return switch (component) {
            case "transformer" -> WanArchitecture.of(WanConfig.of(ComponentConfig.of(name, config)));
            case "text_encoder" -> T5Config.of(ComponentConfig.of(name, config)).architecture();
            case "vae" -> WanVae.architecture(WanVaeConfig.of(ComponentConfig.of(name, config)));
            default -> throw new Unsupported("component " + component);
        };
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
