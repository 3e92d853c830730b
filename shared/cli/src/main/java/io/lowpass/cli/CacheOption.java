package io.lowpass.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.IntStream;

/**
 * The short form in which commands take a cache policy.
 *
 * <ul>
 *   <li>{@code none}, or another policy's name: {@code {"policy": "none"}}
 *   <li>{@code precise:turbo}: {@code {"policy": "precise", "preset": "turbo"}}
 *   <li>{@code fixed:25}: 25 steps are computed, spread evenly with the first and the last among them
 *   <li>{@code {"policy": "precise", "alpha": 0.6}}: the settings as a request has them
 * </ul>
 */
public final class CacheOption {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private CacheOption() {}

    /**
     * The settings of a short form, as in a request; the names of policy and preset are not checked.
     *
     * @param steps number of denoising steps, for {@code fixed:N}
     * @throws IllegalArgumentException if the text has none of the forms
     */
    public static ObjectNode settings(String text, int steps) {
        if (text.startsWith("{")) {
            return object(text);
        }
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        int colon = text.indexOf(':');
        if (colon < 0) {
            return settings.put("policy", text);
        }
        String policy = text.substring(0, colon);
        String preset = text.substring(colon + 1);
        settings.put("policy", policy);
        if (!policy.equals("fixed")) {
            return settings.put("preset", preset);
        }
        ArrayNode full = settings.putArray("steps");
        fixed(preset, steps).forEach(full::add);
        return settings;
    }

    /** Steps to compute, ascending: step 0, the last one, and the rest at equal distances, rounded. */
    private static IntStream fixed(String count, int steps) {
        if (!count.matches("[1-9][0-9]{0,5}") || Integer.parseInt(count) > steps) {
            throw new IllegalArgumentException(
                    "'fixed:" + count + "' is not fixed:N with N from 1 to the number of steps, " + steps);
        }
        int full = Integer.parseInt(count);
        return full == 1
                ? IntStream.of(0)
                : IntStream.range(0, full).map(i -> (int) Math.round(i * (steps - 1.0) / (full - 1)));
    }

    private static ObjectNode object(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            if (node instanceof ObjectNode settings) {
                return settings;
            }
            throw new IllegalArgumentException("'" + text + "' is not a JSON object");
        } catch (JsonProcessingException error) {
            throw new IllegalArgumentException("'" + text + "' is not JSON: " + error.getOriginalMessage(), error);
        }
    }
}
