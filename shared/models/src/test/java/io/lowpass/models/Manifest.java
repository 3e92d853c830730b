package io.lowpass.models;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a public checkpoint says of itself.
 *
 * @param config its settings
 * @param shapes name and shape of every parameter in its files
 */
public record Manifest(ComponentConfig config, Map<String, Shape> shapes) {

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
