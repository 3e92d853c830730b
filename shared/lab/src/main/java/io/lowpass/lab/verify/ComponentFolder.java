package io.lowpass.lab.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.models.families.Families;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Determines the reference class of a component folder. */
final class ComponentFolder {

    private final ObjectMapper json;

    ComponentFolder(ObjectMapper json) {
        this.json = json;
    }

    /** The configuration of a component. */
    JsonNode config(Path folder) {
        return read(folder.resolve("config.json"));
    }

    private JsonNode read(Path file) {
        try {
            return json.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The class that diffusers or transformers would load. */
    String className(Path folder) {
        JsonNode config = config(folder);
        return config.path("_class_name")
                .asText(config.path("architectures").path(0).asText("?"));
    }

    /**
     * Checks that this build supports the pipeline of a model folder.
     *
     * @throws Unsupported if not
     */
    void requirePipeline(Path folder) {
        // Open-Sora's folders have none, and no other folder without one is any model's.
        Path index = folder.resolve("model_index.json");
        if (Files.exists(index) && !Families.recognise(folder)) {
            throw new Unsupported(read(index).path("_class_name").asText());
        }
    }
}
