package io.lowpass.models.hunyuan;

import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Parameters;
import io.lowpass.models.transformer.TransformerConfig;
import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code config.json} says of a HunyuanVideo transformer; the names are those of diffusers'
 * {@code HunyuanVideoTransformer3DModel}.
 *
 * @param patch latent cells of one token: frames, height, width
 * @param heads attention heads of a block
 * @param headWidth width of one head
 * @param inChannels channels of the latents
 * @param outChannels channels of the prediction
 * @param textWidth width of the text encoder's states
 * @param pooledWidth width of the pooled state of the prompt
 * @param feedForwardRatio inner width of a block's feed-forward layer, as a multiple of the tokens' width
 * @param doubles number of blocks in which video and text have weights of their own
 * @param singles number of blocks, after those, in which they share them
 * @param refiners number of blocks that refine the prompt
 * @param guidanceEmbedded whether the model takes the guidance scale as an input
 * @param headsNormalized whether queries and keys are normalized
 * @param rotaryTheta base of the rotary frequencies
 * @param rotaryWidths share of a head's width of each axis: frames, height, width
 */
public record HunyuanConfig(
        List<Integer> patch,
        int heads,
        int headWidth,
        int inChannels,
        int outChannels,
        int textWidth,
        int pooledWidth,
        double feedForwardRatio,
        int doubles,
        int singles,
        int refiners,
        boolean guidanceEmbedded,
        boolean headsNormalized,
        double rotaryTheta,
        List<Integer> rotaryWidths)
        implements TransformerConfig {

    private static final int AXES = 3;
    private static final int REFINER_RATIO = 4;

    /** Checks that the numbers make a model. */
    public HunyuanConfig {
        TransformerConfig.require(
                doubles + singles > 0, "num_layers and num_single_layers", doubles + singles, "1 or more together");
        TransformerConfig.require(
                (int) (heads * headWidth * feedForwardRatio) > 0,
                "mlp_ratio",
                feedForwardRatio,
                "a number that leaves the feed-forward layer a width");
        TransformerConfig.require(rotaryTheta > 0, "rope_theta", rotaryTheta, "a positive number");
        TransformerConfig.require(
                rotaryWidths.size() == AXES
                        && rotaryWidths.stream().allMatch(width -> width % 2 == 0)
                        && rotaryWidths.stream().reduce(0, Math::addExact) == headWidth,
                "rope_axes_dim",
                rotaryWidths,
                "three even numbers that add up to attention_head_dim: " + headWidth);
    }

    @Override
    public int width() {
        return heads * headWidth;
    }

    /** Inner width of the feed-forward layer of a block. */
    public int feedForwardWidth() {
        return (int) (width() * feedForwardRatio);
    }

    /** Inner width of the feed-forward layer of a refiner block, which no setting changes. */
    public int refinerWidth() {
        return REFINER_RATIO * width();
    }

    @Override
    public int depth() {
        return doubles + singles;
    }

    @Override
    public List<String> blockNames() {
        return Stream.concat(
                        Parameters.numbered("transformer_blocks.", doubles).stream(),
                        Parameters.numbered("single_transformer_blocks.", singles).stream())
                .toList();
    }

    @Override
    public Architecture architecture() {
        return Parameters.declare("transformer", parameters -> HunyuanLayout.of(parameters, this));
    }

    /**
     * Understands a configuration; what it leaves out is as in the public model.
     *
     * @throws IllegalArgumentException if a value is malformed, unknown or not supported, with its name
     */
    public static HunyuanConfig of(ComponentConfig config) {
        config
                // "token_replace" has a second modulation for the first frame, and belongs to image-to-video.
                .requireOneOf("image_condition_type", "null", "\"latent_concat\"")
                .requireOneOf("qk_norm", "null", "\"rms_norm\"");
        int patch = config.count("patch_size", 2);
        int inChannels = config.positive("in_channels", 16);
        HunyuanConfig read = new HunyuanConfig(
                List.of(config.count("patch_size_t", 1), patch, patch),
                config.count("num_attention_heads", 24),
                config.positive("attention_head_dim", 128),
                inChannels,
                config.positive(
                        "out_channels", config.json().path("out_channels").isNull() ? inChannels : 16),
                config.positive("text_embed_dim", 4096),
                config.positive("pooled_projection_dim", 768),
                config.ratio("mlp_ratio", 4),
                count(config, "num_layers", 20),
                count(config, "num_single_layers", 40),
                count(config, "num_refiner_layers", 2),
                config.flag("guidance_embeds", true),
                !config.json().path("qk_norm").isNull(),
                config.number("rope_theta", 256),
                config.has("rope_axes_dim") ? config.positives("rope_axes_dim") : List.of(16, 56, 56));
        config.requireAllRead();
        return read;
    }

    /**
     * Multiply-adds as the literature counts them: every row of text, padding included. Blocks of both kinds cost the
     * same: what a single block saves on its output projection, its wider one takes.
     *
     * @param text rows of text
     */
    public TransformerCost cost(int text) {
        return TransformerCost.jointlyAttending(
                depth(), width(), feedForwardWidth(), text, (inChannels + outChannels) * patchCells());
    }

    private static int count(ComponentConfig config, String field, int absent) {
        return config.has(field)
                        && config.json().path(field).isIntegralNumber()
                        && config.json().path(field).intValue() == 0
                ? 0
                : config.count(field, absent);
    }
}
