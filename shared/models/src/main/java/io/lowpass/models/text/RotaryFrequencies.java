package io.lowpass.models.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.lowpass.models.ComponentConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * Frequencies of rotary positions (Su et al., 2021), scaled for long texts as transformers does it.
 *
 * @param inverse angle of each pair per position
 * @param amplitude factor of cosines and sines
 */
public record RotaryFrequencies(List<Float> inverse, double amplitude) {

    private static final String TYPE = "rope_type";
    private static final String OLD_TYPE = "type";
    private static final String[] TYPES = {"\"default\"", "\"linear\"", "\"llama3\"", "\"yarn\"", "null"};

    /** Copies the list. */
    public RotaryFrequencies {
        inverse = List.copyOf(inverse);
    }

    /**
     * Reads {@code rope_parameters}, or {@code rope_theta} and {@code rope_scaling} as older files have it.
     *
     * @param width of a head
     * @throws IllegalArgumentException naming the field, if a value is wrong or asks for another scaling
     */
    static RotaryFrequencies of(ComponentConfig config, int width) {
        ComponentConfig scaling = scaling(config);
        String field = scaling.has(TYPE) ? TYPE : OLD_TYPE;
        scaling.requireOneOf(field, TYPES).requireOneOf("partial_rotary_factor", "null", "1.0", "1");
        double theta = scaling.number("rope_theta", config.number("rope_theta", 10_000));
        double[] plain = new double[width / 2];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = Math.pow(theta, -2.0 * i / width);
        }
        double trained =
                scaling.number("original_max_position_embeddings", config.positive("max_position_embeddings", 2048));
        return switch (scaling.text(field).orElse("default")) {
            case "linear" -> new RotaryFrequencies(divided(plain, scaling.number("factor")), 1);
            case "llama3" -> new RotaryFrequencies(smoothed(plain, scaling, trained), 1);
            case "yarn" -> yarn(plain, scaling, trained, config.positive("max_position_embeddings", 2048), theta);
            default -> new RotaryFrequencies(divided(plain, 1), 1);
        };
    }

    private static ComponentConfig scaling(ComponentConfig config) {
        String field = config.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
        return ComponentConfig.of(
                config.source() + ": " + field,
                config.has(field) ? config.json().get(field) : JsonNodeFactory.instance.objectNode());
    }

    private static List<Float> divided(double[] plain, double factor) {
        List<Float> frequencies = new ArrayList<>();
        for (int i = 0; i < plain.length; i++) {
            frequencies.add((float) (plain[i] / factor));
        }
        return frequencies;
    }

    /** Long waves are stretched, short ones are not, those between in part. */
    private static List<Float> smoothed(double[] plain, ComponentConfig scaling, double trained) {
        double factor = scaling.number("factor");
        double low = scaling.number("low_freq_factor");
        double high = scaling.number("high_freq_factor");
        List<Float> frequencies = new ArrayList<>();
        for (int i = 0; i < plain.length; i++) {
            double turns = trained * plain[i] / (2 * Math.PI);
            double kept = Math.min(1, Math.max(0, (turns - low) / (high - low)));
            frequencies.add((float) ((1 - kept) * plain[i] / factor + kept * plain[i]));
        }
        return frequencies;
    }

    /** Peng et al., 2023: a ramp over the pairs, and sharper attention. */
    private static RotaryFrequencies yarn(
            double[] plain, ComponentConfig scaling, double trained, double longest, double theta) {
        double factor = scaling.number("factor", longest / trained);
        int width = 2 * plain.length;
        double low = pair(scaling.number("beta_fast", 32), width, theta, trained);
        double high = pair(scaling.number("beta_slow", 1), width, theta, trained);
        if (scaling.flag("truncate", true)) {
            low = Math.floor(low);
            high = Math.ceil(high);
        }
        low = Math.max(low, 0);
        high = Math.min(high, width - 1.0);
        double span = high == low ? 0.001 : high - low;
        List<Float> frequencies = new ArrayList<>();
        for (int i = 0; i < plain.length; i++) {
            double stretched = Math.min(1, Math.max(0, (i - low) / span));
            frequencies.add((float) (plain[i] / factor * stretched + plain[i] * (1 - stretched)));
        }
        return new RotaryFrequencies(frequencies, scaling.number("attention_factor", amplitude(scaling, factor)));
    }

    private static double amplitude(ComponentConfig scaling, double factor) {
        double scale = scaling.number("mscale", 0);
        double all = scaling.number("mscale_all_dim", 0);
        return scale != 0 && all != 0 ? temperature(factor, scale) / temperature(factor, all) : temperature(factor, 1);
    }

    private static double temperature(double factor, double scale) {
        return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
    }

    private static double pair(double rotations, int width, double theta, double trained) {
        return width * Math.log(trained / (rotations * 2 * Math.PI)) / (2 * Math.log(theta));
    }
}
