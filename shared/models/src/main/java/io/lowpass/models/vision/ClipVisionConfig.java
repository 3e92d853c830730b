package io.lowpass.models.vision;

import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Architecture;

/**
 * What {@code config.json} says of the vision encoder of CLIP.
 *
 * @param width of the hidden states
 * @param innerWidth of the feed-forward layers
 * @param depth number of layers
 * @param heads attention heads of a layer
 * @param side height and width of the image, pixels
 * @param patch height and width of a patch, pixels
 * @param epsilon of every norm
 * @param quickGelu whether GELU is approximated by x sigmoid(1.702 x)
 */
public record ClipVisionConfig(
        int width, int innerWidth, int depth, int heads, int side, int patch, double epsilon, boolean quickGelu) {

    /**
     * Reads and checks {@code config.json}; what a file leaves out has the default of transformers.
     *
     * @throws IllegalArgumentException naming the field, if a value is wrong or asks for another architecture
     */
    public static ClipVisionConfig of(ComponentConfig config) {
        config.requireOneOf("model_type", "\"clip_vision_model\"")
                .requireOneOf("hidden_act", "\"quick_gelu\"", "\"gelu\"", "null")
                .requireOneOf("num_channels", "3", "null");
        ClipVisionConfig read = new ClipVisionConfig(
                config.positive("hidden_size", 768),
                config.positive("intermediate_size", 3072),
                config.count("num_hidden_layers", 12),
                config.count("num_attention_heads", 12),
                config.count("image_size", 224),
                config.count("patch_size", 32),
                config.number("layer_norm_eps", 1e-5),
                !config.text("hidden_act").orElse("quick_gelu").equals("gelu"));
        if (read.width % read.heads != 0) {
            throw config.refused("num_attention_heads", "a divisor of hidden_size: " + read.width);
        }
        if (read.patch > read.side) {
            throw config.refused("patch_size", "at most image_size: " + read.side);
        }
        return read;
    }

    /** Rows of the hidden states: one for each patch, and one for the whole image. */
    public int rows() {
        int patches = side / patch;
        return patches * patches + 1;
    }

    /** Name and shape of every parameter. */
    public Architecture architecture() {
        return ClipVisionLayout.architecture(this);
    }
}
