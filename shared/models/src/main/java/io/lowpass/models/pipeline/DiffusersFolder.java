package io.lowpass.models.pipeline;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.models.ComponentConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A model folder as diffusers saves it: {@code model_index.json}, which names the class of each component, and a folder
 * for each. Only settings are read here, no weights.
 *
 * @param path the folder
 * @param pipeline class of the pipeline
 * @param components class of each component that is there, by name
 */
public record DiffusersFolder(Path path, String pipeline, Map<String, String> components) {

    private static final String INDEX = "model_index.json";
    private static final String CLASS = "_class_name";

    /** Copies the map. */
    public DiffusersFolder {
        components = Map.copyOf(components);
    }

    /** The settings of {@code model_index.json}. */
    public static ComponentConfig index(Path path) {
        return ComponentConfig.file(path.resolve(INDEX));
    }

    /** Whether a folder names this class of pipeline. */
    public static boolean isOf(Path path, String pipeline) {
        return Files.exists(path.resolve(INDEX))
                && index(path).text(CLASS).filter(pipeline::equals).isPresent();
    }

    /**
     * What is wrong with a folder that no family recognises.
     *
     * @param families names of those that there are
     */
    public static IllegalArgumentException unknown(Path path, List<String> families) {
        return index(path).refused(CLASS, "one of " + new TreeSet<>(families));
    }

    /**
     * Reads {@code model_index.json} and checks that everything it names is understood and there.
     *
     * @param wanted the components that the pipeline must have, with the classes that are understood
     * @throws IllegalArgumentException if not, naming component or folder, and what is supported
     */
    public static DiffusersFolder open(Path path, Map<String, List<String>> wanted) {
        ComponentConfig index = index(path);
        Map<String, String> components = components(index);
        components.keySet().stream()
                .filter(name -> !wanted.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw index.refused(name, "null: the pipeline is computed without it");
                });
        new TreeMap<>(wanted).forEach((name, types) -> {
            if (!types.contains(components.getOrDefault(name, ""))) {
                throw index.refused(name, types.toString());
            }
        });
        new TreeSet<>(wanted.keySet()).forEach(name -> requireFolder(path.resolve(name)));
        return new DiffusersFolder(path, index.text(CLASS).orElse(""), components);
    }

    /**
     * The folder of a component.
     *
     * @throws IllegalArgumentException if the pipeline has none of that name
     */
    public Path component(String name) {
        if (!components.containsKey(name)) {
            throw new IllegalArgumentException(
                    path + " has no component '" + name + "', allowed is one of " + new TreeSet<>(components.keySet()));
        }
        return path.resolve(name);
    }

    /** The settings of a component. */
    public ComponentConfig config(String name) {
        return ComponentConfig.read(component(name));
    }

    /** The scheduler's settings, for {@code io.lowpass.diffusion.schedulers.Schedulers}. */
    public Map<String, Object> schedulerConfig() {
        ComponentConfig config = ComponentConfig.file(component("scheduler").resolve("scheduler_config.json"));
        // Not a copy of an immutable kind: settings may be null.
        return Collections.unmodifiableMap(
                new ObjectMapper().convertValue(config.json(), new TypeReference<Map<String, Object>>() {}));
    }

    private static Map<String, String> components(ComponentConfig index) {
        Map<String, String> components = new LinkedHashMap<>();
        index.json().properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            if (value.isArray() && value.size() == 2 && !value.get(1).isNull()) {
                components.put(entry.getKey(), value.get(1).asText());
            }
        });
        return components;
    }

    private static void requireFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException(folder + " does not exist");
        }
    }
}
