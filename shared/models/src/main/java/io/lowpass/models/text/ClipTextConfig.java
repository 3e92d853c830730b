package io.lowpass.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Architecture;
import java.util.OptionalLong;

/**
 * The settings of a CLIP text model.
 *
 * @param vocabulary number of token ids
 * @param width of the hidden states
 * @param innerWidth width inside the feed-forward layer
 * @param depth number of layers
 * @param heads number of attention heads
 * @param positions most tokens of a text
 * @param epsilon of the norms
 * @param activation inside the feed-forward layer
 * @param endId the id that ends a text; none in old files, where it is the largest id of the text
 */
public record ClipTextConfig(
        int vocabulary,
        int width,
        int innerWidth,
        int depth,
        int heads,
        int positions,
        double epsilon,
        String activation,
        OptionalLong endId) {

    private static final String END = "eos_token_id";

    /** What old files say, wrongly, of every CLIP model. */
    private static final long WRONG_END = 2;

    private static final long USUAL_END = 49407;

    /**
     * Reads and checks {@code config.json}.
     *
     * @throws IllegalArgumentException naming the field, if a value is wrong or asks for another architecture
     */
    public static ClipTextConfig of(ComponentConfig config) {
        config.requireOneOf("model_type", "\"clip_text_model\"").requireOneOf("hidden_act", Activations.allowed());
        int width = config.positive("hidden_size", 512);
        int heads = config.count("num_attention_heads", 8);
        if (width % heads != 0) {
            throw config.refused("num_attention_heads", "a divisor of hidden_size: " + width);
        }
        return new ClipTextConfig(
                config.positive("vocab_size", 49408),
                width,
                config.positive("intermediate_size", 2048),
                config.count("num_hidden_layers", 12),
                heads,
                config.positive("max_position_embeddings", 77),
                config.number("layer_norm_eps", 1e-5),
                config.text("hidden_act").orElse("quick_gelu"),
                end(config));
    }

    /** Name and shape of every parameter. */
    public Architecture architecture() {
        return ClipTextLayout.architecture(this);
    }

    private static OptionalLong end(ComponentConfig config) {
        JsonNode end = config.json().path(END);
        if (end.isMissingNode()) {
            return OptionalLong.of(USUAL_END);
        }
        if (!end.isIntegralNumber() || end.asLong() < 0) {
            throw config.refused(END, "a whole number of at least 0");
        }
        return end.asLong() == WRONG_END ? OptionalLong.empty() : OptionalLong.of(end.asLong());
    }
}
