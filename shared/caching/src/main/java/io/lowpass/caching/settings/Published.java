package io.lowpass.caching.settings;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Settings that a method was published with, for one checkpoint each: data beside the methods, with their source.
 *
 * @param source where they stand
 * @param presets by name
 */
record Published(String source, Map<String, Preset> presets) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * One set of options.
     *
     * @param note what it is for, and what its source leaves open
     * @param options by name, as a request would give them
     */
    record Preset(String note, Map<String, Object> options) {}

    Published {
        presets = new LinkedHashMap<>(presets);
    }

    /** The settings of a method. */
    static Published of(String policy) {
        try (InputStream file = Published.class.getResourceAsStream("published/" + policy + ".json")) {
            if (file == null) {
                throw new IllegalArgumentException("nothing is published for " + policy);
            }
            return JSON.readValue(file, Published.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Set<String> names() {
        return presets.keySet();
    }

    /** The options of a preset. */
    Optional<Map<String, Object>> options(String preset) {
        return Optional.ofNullable(presets.get(preset)).map(Preset::options);
    }
}
