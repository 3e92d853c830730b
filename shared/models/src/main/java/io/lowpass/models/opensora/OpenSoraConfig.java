package io.lowpass.models.opensora;

import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Parameters;
import io.lowpass.models.transformer.TransformerConfig;
import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What {@code config.json} says of a transformer of Open-Sora 1.2; the names are those of the official {@code STDiT3}.
 *
 * @param patch latent cells of one token: frames, height, width
 * @param inChannels channels of the latents
 * @param width width of the tokens
 * @param pairs pairs of a spatial and a temporal block
 * @param heads attention heads of a block
 * @param feedForwardWidth inner width of a block's feed-forward layer
 * @param captionWidth width of the text encoder's states
 * @param captionRows most rows of a caption
 * @param baseSize side in pixels of the square video on which positions have unit spacing
 * @param predictsVariance whether the head has as many channels again, which no sampler uses
 */
public record OpenSoraConfig(
        List<Integer> patch,
        int inChannels,
        int width,
        int pairs,
        int heads,
        int feedForwardWidth,
        int captionWidth,
        int captionRows,
        int baseSize,
        boolean predictsVariance)
        implements TransformerConfig {

    /** Number of cosines, and as many sines, of the timestep and of the frame rate. */
    static final int FREQUENCIES = 128;

    /** Of every norm. */
    static final double EPSILON = 1e-6;

    /** Checks that the numbers make a model. */
    public OpenSoraConfig {
        TransformerConfig.require(patch.size() == 3, "patch_size", patch, "three whole numbers of at least 1");
        TransformerConfig.require(width % heads == 0, "hidden_size", width, "a multiple of num_heads: " + heads);
        TransformerConfig.require(width % 4 == 0, "hidden_size", width, "a multiple of 4");
        TransformerConfig.require(
                width / heads % 2 == 0, "hidden_size", width, "an even number for each of " + heads + " heads");
        TransformerConfig.require(
                feedForwardWidth >= 1, "mlp_ratio", feedForwardWidth, "what makes an inner width of at least 1");
    }

    /** Width of one head. */
    public int headWidth() {
        return width / heads;
    }

    /** {@inheritDoc} Spatial, then temporal. */
    @Override
    public List<String> blockNames() {
        return IntStream.range(0, depth())
                .mapToObj(i -> (i % 2 == 0 ? "spatial_blocks." : "temporal_blocks.") + i / 2 + ".")
                .toList();
    }

    @Override
    public Architecture architecture() {
        return Parameters.declare("transformer", parameters -> OpenSoraLayout.of(parameters, this));
    }

    /** Channels of the head: those of the prediction, and of its variance where there is one. */
    public int outChannels() {
        return predictsVariance ? 2 * inChannels : inChannels;
    }

    /**
     * Multiply-adds of a pass, as the literature counts them.
     *
     * @param text rows of the prompt
     */
    public TransformerCost cost(int text) {
        return TransformerCost.alternatelyAttending(
                depth(), width, feedForwardWidth, text, (inChannels + outChannels()) * patchCells());
    }

    /** {@inheritDoc} A pair is two. */
    @Override
    public int depth() {
        return 2 * pairs;
    }

    /**
     * Understands a configuration. What is absent is as in the official code.
     *
     * @throws IllegalArgumentException if a value is missing, malformed, unknown or not supported, with its name
     */
    public static OpenSoraConfig of(ComponentConfig config) {
        config.ignoring(
                        "architectures",
                        "auto_map",
                        "class_dropout_prob",
                        "drop_path",
                        "dtype",
                        "enable_flash_attn",
                        "enable_layernorm_kernel",
                        "enable_sequence_parallelism",
                        "freeze_y_embedder",
                        "input_size",
                        "only_train_temporal",
                        "torch_dtype",
                        "transformers_version")
                .requireOneOf("model_type", "\"STDiT3\"", "null")
                .requireOneOf("qk_norm", "true", "null")
                // Without it, captions would have to be projected before they come.
                .requireOneOf("skip_y_embedder", "false", "null");
        int width = config.positive("hidden_size", 1152);
        OpenSoraConfig read = new OpenSoraConfig(
                config.has("patch_size") ? config.counts("patch_size") : List.of(1, 2, 2),
                config.positive("in_channels", 4),
                width,
                config.count("depth", 28),
                config.count("num_heads", 16),
                (int) (width * config.ratio("mlp_ratio", 4)),
                config.positive("caption_channels", 4096),
                config.count("model_max_length", 300),
                config.positive("input_sq_size", 512),
                config.flag("pred_sigma", true));
        config.requireAllRead();
        return read;
    }
}
