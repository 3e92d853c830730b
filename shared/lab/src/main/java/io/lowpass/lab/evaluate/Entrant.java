package io.lowpass.lab.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.lab.options.Contender;
import java.util.Map;
import java.util.StringJoiner;

/**
 * A contender with a canonical name derived from its settings.
 *
 * @param name such as {@code precise:turbo spatialFactor=8}
 * @param family the family that it is a variant of, for plots
 */
record Entrant(String name, String family, Contender contender) {

    /** The uncached run. */
    static final String UNCACHED = "none";

    /** The family of the uncached model with other numbers of steps, under the scheduler of the comparison. */
    static final String OTHER_STEPS = "other steps";

    private static final int LONGEST_LIST = 4;

    /**
     * Parses an entry of a list of policies.
     *
     * @param steps denoising steps of the comparison
     * @throws IllegalArgumentException if the text has an unknown form
     */
    static Entrant of(String text, int steps) {
        Contender contender = Contender.of(text, steps);
        if (contender.isControl()) {
            String scheduler = contender.scheduler().map(name -> ", " + name).orElse("");
            return new Entrant(text, OTHER_STEPS + scheduler, contender);
        }
        ObjectNode cache = contender.cache();
        String policy = cache.path("policy").asText();
        return new Entrant(text.startsWith("{") ? name(cache) : text, policy, contender);
    }

    private static String name(ObjectNode cache) {
        StringJoiner name = new StringJoiner(" ");
        String preset = cache.path("preset").asText();
        name.add(cache.path("policy").asText() + (preset.isEmpty() ? "" : ":" + preset));
        options("", cache, name);
        return name.toString();
    }

    private static void options(String prefix, JsonNode settings, StringJoiner name) {
        for (Map.Entry<String, JsonNode> option : settings.properties()) {
            String key = option.getKey();
            if (option.getValue().isObject()) {
                options(prefix + key + ".", option.getValue(), name);
            } else if (!prefix.isEmpty() || (!key.equals("policy") && !key.equals("preset"))) {
                name.add(prefix + key + "=" + value(option.getValue()));
            }
        }
    }

    /** Abbreviates long lists, such as calibrated curves, to a checksum. */
    private static String value(JsonNode value) {
        return value.isArray() && value.size() > LONGEST_LIST
                ? Digest.of(value.toString())
                : value.isTextual() ? value.asText() : value.toString();
    }

    boolean isUncached() {
        return name.equals(UNCACHED);
    }
}
