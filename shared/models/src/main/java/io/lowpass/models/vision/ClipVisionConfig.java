package io.lowpass.models.vision;

import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Architecture;
import java.util.List;

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

    private static final String PREFIX = "vision_model.";

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
        Architecture architecture = new Architecture("image_encoder")
                .parameter(PREFIX + "embeddings.class_embedding", width)
                .parameter(PREFIX + "embeddings.patch_embedding.weight", width, Picture.CHANNELS, patch, patch)
                .parameter(PREFIX + "embeddings.position_embedding.weight", rows(), width)
                .affine(PREFIX + "pre_layrnorm", width)
                .affine(PREFIX + "post_layernorm", width)
                // The first is a counter that older files hold, the second projects what no video model takes.
                .ignored(PREFIX + "embeddings.position_ids")
                .ignored("visual_projection.weight");
        for (int i = 0; i < depth; i++) {
            String layer = layer(i);
            architecture
                    .affine(layer + "layer_norm1", width)
                    .linear(layer + "self_attn.q_proj", width, width)
                    .linear(layer + "self_attn.k_proj", width, width)
                    .linear(layer + "self_attn.v_proj", width, width)
                    .linear(layer + "self_attn.out_proj", width, width)
                    .affine(layer + "layer_norm2", width)
                    .linear(layer + "mlp.fc1", width, innerWidth)
                    .linear(layer + "mlp.fc2", innerWidth, width);
        }
        // Newer versions of transformers write the names without the prefix.
        List.copyOf(architecture.parameters().keySet())
                .forEach(name -> architecture.alias(name, name.substring(PREFIX.length())));
        return architecture;
    }

    static String layer(int number) {
        return PREFIX + "encoder.layers." + number + ".";
    }

    static String part(String name) {
        return PREFIX + name;
    }
}
