package io.lowpass.contracts;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which caching method a job uses, and its options: {@code {"policy": "precise", "preset": "turbo", "alpha": 0.6}}.
 *
 * @param policy the method
 * @param preset a named set of options, which the options below override
 * @param options the options by name; nested objects are maps
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record CacheSettings(
        @JsonProperty("policy") String policy,
        @JsonProperty("preset") Optional<String> preset,
        @JsonAnyGetter Map<String, Object> options) {

    /** No caching: every step is computed. */
    public static final CacheSettings NONE = new CacheSettings("none", Optional.empty(), Map.of());

    public CacheSettings {
        options = Map.copyOf(options);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static CacheSettings read(Map<String, Object> fields) {
        Map<String, Object> options = new TreeMap<>(fields);
        Optional<String> policy = text("policy", options.remove("policy"));
        Optional<String> preset = text("preset", options.remove("preset"));
        return new CacheSettings(
                policy.orElseThrow(() -> new IllegalArgumentException("cache has no policy")), preset, options);
    }

    private static Optional<String> text(String name, @Nullable Object value) {
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        throw new IllegalArgumentException("cache." + name + " is " + value + ", which is no text");
    }
}
