package io.lowpass.models.wan;

import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Parameters;
import io.lowpass.models.transformer.TransformerConfig;
import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code config.json} says of a Wan transformer; the names are those of diffusers' {@code WanTransformer3DModel}.
 *
 * @param patch latent cells of one token: frames, height, width
 * @param heads attention heads of a block
 * @param headWidth width of one head
 * @param inChannels channels of what is embedded: of the latents, and of the condition where there is one
 * @param outChannels channels of the latents and of the prediction
 * @param textWidth width of the text encoder's states
 * @param timeWidth number of sines and cosines of the timestep
 * @param feedForwardWidth inner width of a block's feed-forward layer
 * @param depth number of blocks
 * @param crossAttentionNorm whether the input of cross-attention is normalized
 * @param epsilon of every norm
 * @param longestAxis most tokens along one axis that the rotary tables cover
 * @param image how a block attends to the states of an image, where it does
 */
public record WanConfig(
        List<Integer> patch,
        int heads,
        int headWidth,
        int inChannels,
        int outChannels,
        int textWidth,
        int timeWidth,
        int feedForwardWidth,
        int depth,
        boolean crossAttentionNorm,
        double epsilon,
        int longestAxis,
        Optional<Image> image)
        implements TransformerConfig {

    /**
     * How an image's states are taken.
     *
     * @param width of the vision encoder's states
     * @param rows number of the states, if they have learned positions: of two images then, the first and the last
     */
    public record Image(int width, OptionalInt rows) {}

    /** Positions of a table that is held in memory whole. */
    private static final int LONGEST_AXIS = 16_384;

    /** Checks that the numbers make a model. */
    public WanConfig {
        TransformerConfig.require(patch.size() == 3, "patch_size", patch, "three whole numbers of at least 1");
        TransformerConfig.require(headWidth % 2 == 0, "attention_head_dim", headWidth, "an even number");
        TransformerConfig.require(timeWidth % 2 == 0, "freq_dim", timeWidth, "an even number");
        TransformerConfig.require(
                longestAxis <= LONGEST_AXIS, "rope_max_seq_len", longestAxis, "at most " + LONGEST_AXIS);
        TransformerConfig.require(epsilon > 0, "eps", epsilon, "a positive number");
        TransformerConfig.require(
                inChannels >= outChannels, "in_channels", inChannels, "out_channels or more: " + outChannels);
    }

    @Override
    public int width() {
        return heads * headWidth;
    }

    @Override
    public List<String> blockNames() {
        return Parameters.numbered("blocks.", depth);
    }

    @Override
    public Architecture architecture() {
        return Parameters.declare("transformer", parameters -> WanLayout.of(parameters, this));
    }

    /**
     * Understands a configuration.
     *
     * @throws IllegalArgumentException if a value is missing, malformed, unknown or not supported, with its name
     */
    public static WanConfig of(ComponentConfig config) {
        config.requireOneOf("qk_norm", "null", "\"rms_norm_across_heads\"");
        int inChannels = config.positive("in_channels");
        WanConfig read = new WanConfig(
                config.counts("patch_size"),
                config.count("num_attention_heads"),
                config.positive("attention_head_dim"),
                inChannels,
                config.positive("out_channels", inChannels),
                config.positive("text_dim"),
                config.positive("freq_dim"),
                config.positive("ffn_dim"),
                config.count("num_layers"),
                config.flag("cross_attn_norm", true),
                config.number("eps", 1e-6),
                config.positive("rope_max_seq_len", 1024),
                image(config));
        // An image's keys and values are made of its embedding, which is as wide as the tokens.
        String width = String.valueOf(read.width());
        config.requireOneOf("added_kv_proj_dim", read.image().isPresent() ? width : "null");
        config.requireAllRead();
        return read;
    }

    private static Optional<Image> image(ComponentConfig config) {
        if (!config.has("image_dim")) {
            config.requireOneOf("pos_embed_seq_len", "null");
            return Optional.empty();
        }
        OptionalInt rows = config.has("pos_embed_seq_len")
                ? OptionalInt.of(config.positive("pos_embed_seq_len"))
                : OptionalInt.empty();
        return Optional.of(new Image(config.positive("image_dim"), rows));
    }

    /** Whether videos lead from one image to another, and so need two. */
    boolean leadsBetweenImages() {
        return image.filter(states -> states.rows().isPresent()).isPresent();
    }

    /** Channels that an image adds to those of the latents; none for text-to-video. */
    public int conditionChannels() {
        return inChannels - outChannels;
    }

    /**
     * Multiply-adds as the literature counts them: every row of text, its keys and values in every pass.
     *
     * <p>A block attends to an image's states as it does to text, with keys and values of their own; what embeds them
     * once for all blocks is left out.
     *
     * @param rows rows of the text encoder's states, padding included, and of an image's states
     */
    public TransformerCost referenceCost(int rows) {
        TransformerCost base = TransformerCost.crossAttending(depth, width(), feedForwardWidth, rows, 0);
        double ends = (double) (inChannels + outChannels) * patchCells() * width();
        return new TransformerCost(depth, base.parts(), ends);
    }

    /**
     * Multiply-adds that a pass of {@link WanTransformer} takes: padding is one row, and the keys and values of the
     * prompt are there already.
     *
     * @param prompt rows of the text encoder's states that are not padding, and of an image's states
     */
    public TransformerCost cost(int prompt) {
        return referenceCost(prompt + 1).withKeptPrompt();
    }
}
