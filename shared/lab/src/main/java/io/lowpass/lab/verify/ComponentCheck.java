package io.lowpass.lab.verify;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.lab.quality.ReferenceCase;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;

/**
 * Selects the check of the family that a case belongs to: by the class of its scheduler or model, or else by the prefix
 * of its folder's name, since such cases have no other indication.
 */
final class ComponentCheck implements Check {

    private final ComponentFolder folders;
    private final Map<String, Check> byKind;
    private final Optional<Check> otherwise;

    /**
     * Combines the checks of all families.
     *
     * @param otherwise for cases that belong to no family
     */
    ComponentCheck(ComponentFolder folders, Map<String, Check> byKind, Optional<Check> otherwise) {
        this.folders = folders;
        this.byKind = Map.copyOf(byKind);
        this.otherwise = otherwise;
    }

    @Override
    public void run(ReferenceCase reference, NDManager memory, Comparison comparison) {
        String kind = kind(reference);
        Optional.ofNullable(byKind.get(kind))
                .or(() -> otherwise)
                .orElseThrow(() -> new Unsupported(kind))
                .run(reference, memory, comparison);
    }

    private String kind(ReferenceCase reference) {
        JsonNode scheduler = reference.settings().path("scheduler").path("_class_name");
        if (scheduler.isTextual()) {
            return scheduler.asText();
        }
        return Files.exists(reference.model().resolve("config.json"))
                ? folders.className(reference.model())
                : reference.name().replaceFirst("-.*", "");
    }
}
