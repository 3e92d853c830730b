package io.lowpass.models;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a public checkpoint says of itself.
 *
 * @param config its settings
 * @param shapes name and shape of every parameter in its files
 */
public record Manifest(ComponentConfig config, Map<String, Shape> shapes) {

    /** The settings, some of them changed to JSON values. */
    public ComponentConfig with(Map<String, String> changes) {
        ObjectNode json = config.json().deepCopy();
        changes.forEach((field, value) -> json.set(field, ReferenceTensors.parsed(value)));
        return ComponentConfig.of("config.json", json);
    }

    /** Reads a manifest of {@code shared/golden/manifests}. */
    public static Manifest read(String name) {
        JsonNode manifest = ReferenceTensors.json(ReferenceTensors.golden("manifests/" + name + ".json"));
        Map<String, Shape> shapes = new LinkedHashMap<>();
        manifest.get("parameters")
                .properties()
                .forEach(entry -> shapes.put(
                        entry.getKey(),
                        new Shape(entry.getValue()
                                .valueStream()
                                .mapToLong(JsonNode::asLong)
                                .toArray())));
        return new Manifest(ComponentConfig.of(name, manifest.get("config")), shapes);
    }
}
