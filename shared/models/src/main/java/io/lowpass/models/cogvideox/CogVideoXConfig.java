package io.lowpass.models.cogvideox;

import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Parameters;
import io.lowpass.models.transformer.TransformerConfig;
import io.lowpass.tensor.Architecture;
import java.util.List;

/**
 * What {@code config.json} says of a CogVideoX transformer; the names are those of diffusers'
 * {@code CogVideoXTransformer3DModel}.
 *
 * @param blocks the transformer blocks
 * @param inChannels channels of the latents
 * @param outChannels channels of the prediction
 * @param timestep how a timestep is embedded
 * @param text the text encoder's states
 * @param sample the videos that the model was trained on
 * @param token what one token covers
 * @param position how tokens know where they are
 */
public record CogVideoXConfig(
        Blocks blocks,
        int inChannels,
        int outChannels,
        Timestep timestep,
        Text text,
        Sample sample,
        Token token,
        Position position)
        implements TransformerConfig {

    /**
     * The transformer blocks.
     *
     * @param depth number of blocks
     * @param heads attention heads of a block
     * @param headWidth width of one head
     * @param attentionBias whether queries, keys and values have a bias
     * @param tanhGelu whether the feed-forward layer has the tanh form of GELU
     * @param affineNorms whether norms have weights of their own
     * @param epsilon of every norm but those of queries and keys
     */
    public record Blocks(
            int depth,
            int heads,
            int headWidth,
            boolean attentionBias,
            boolean tanhGelu,
            boolean affineNorms,
            double epsilon) {

        /** Width of the tokens: heads times their width. */
        int width() {
            return heads * headWidth;
        }
    }

    /**
     * How a timestep is embedded.
     *
     * @param width width of the embedding
     * @param cosineFirst whether cosines come before sines
     * @param frequencyShift taken off the number of frequencies
     */
    public record Timestep(int width, boolean cosineFirst, double frequencyShift) {}

    /** The text encoder's states: rows of a width. */
    public record Text(int rows, int width) {}

    /**
     * The videos that the model was trained on.
     *
     * @param frames of a video
     * @param height in latents
     * @param width in latents
     * @param temporalRatio frames per latent frame
     */
    public record Sample(int frames, int height, int width, int temporalRatio) {

        /** Latent frames of such a video. */
        int latentFrames() {
            return (frames - 1) / temporalRatio + 1;
        }

        /** Whether learned positions are for videos of that many latent frames; others get sinusoidal ones instead. */
        boolean has(long latentFrames) {
            return (latentFrames - 1) * temporalRatio + 1 == frames;
        }
    }

    /**
     * What one token covers, and how it is embedded.
     *
     * @param side latent cells along height and width
     * @param span latent frames
     * @param temporal whether the patch embedding spans time, as in version 1.5
     * @param bias whether the patch embedding has a bias
     */
    public record Token(int side, int span, boolean temporal, boolean bias) {}

    /**
     * How tokens know where they are.
     *
     * @param spatialScale divides sinusoidal positions in space
     * @param temporalScale divides sinusoidal positions in time
     */
    public record Position(Positions kind, double spatialScale, double temporalScale) {}

    /** How tokens know where they are. */
    public enum Positions {
        /** Sines and cosines are added to the embedded patches (2B). */
        SINUSOIDAL,
        /** Queries and keys are turned (5B, 1.5). */
        ROTARY,
        /** Queries and keys are turned, and a learned table is added (5B for image-to-video). */
        ROTARY_AND_LEARNED
    }

    /** Numbers of a head's width, and of all heads' together, that the axes of positions divide. */
    private static final int POSITION_MULTIPLE = 16;

    /** Checks that the numbers make a model. */
    public CogVideoXConfig {
        TransformerConfig.require(blocks.epsilon() > 0, "norm_eps", blocks.epsilon(), "a positive number");
        TransformerConfig.require(
                position.spatialScale() > 0,
                "spatial_interpolation_scale",
                position.spatialScale(),
                "a positive number");
        TransformerConfig.require(
                position.temporalScale() > 0,
                "temporal_interpolation_scale",
                position.temporalScale(),
                "a positive number");
        requirePositions(position.kind(), blocks, token);
        TransformerConfig.require(blocks.width() % 2 == 0, "attention_head_dim", blocks.headWidth(), "an even number");
        double frequencies = blocks.width() / 2.0 - timestep.frequencyShift();
        TransformerConfig.require(
                frequencies > 0, "freq_shift", timestep.frequencyShift(), "less than half the width of the tokens");
    }

    private static void requirePositions(Positions kind, Blocks blocks, Token token) {
        TransformerConfig.require(
                kind == Positions.SINUSOIDAL || blocks.headWidth() % POSITION_MULTIPLE == 0,
                "attention_head_dim",
                blocks.headWidth(),
                "a multiple of " + POSITION_MULTIPLE + " with rotary positions");
        TransformerConfig.require(
                kind == Positions.ROTARY || blocks.width() % POSITION_MULTIPLE == 0,
                "num_attention_heads times attention_head_dim",
                blocks.width(),
                "a multiple of " + POSITION_MULTIPLE + " where positions are added");
        TransformerConfig.require(
                kind == Positions.ROTARY || !token.temporal(),
                "patch_size_t",
                token.span(),
                "null where positions are added: they count latent frames, not patches of them");
    }

    @Override
    public int width() {
        return blocks.width();
    }

    @Override
    public int depth() {
        return blocks.depth();
    }

    @Override
    public List<Integer> patch() {
        return List.of(token.span(), token.side(), token.side());
    }

    @Override
    public List<String> blockNames() {
        return Parameters.numbered("transformer_blocks.", depth());
    }

    @Override
    public Architecture architecture() {
        return Parameters.declare("transformer", parameters -> CogVideoXLayout.of(parameters, this));
    }

    /**
     * Understands a configuration.
     *
     * @throws IllegalArgumentException if a value is missing, malformed, unknown or not supported, with its name
     */
    public static CogVideoXConfig of(ComponentConfig config) {
        config.ignoring("dropout")
                .requireOneOf("_class_name", "\"CogVideoXTransformer3DModel\"", "null")
                // The offset that it embeds belongs to the image-to-video model of version 1.5.
                .requireOneOf("ofs_embed_dim", "null", "0")
                .requireOneOf("timestep_activation_fn", "\"silu\"", "\"swish\"", "null")
                .requireOneOf("activation_fn", "\"gelu-approximate\"", "\"gelu\"", "null");
        CogVideoXConfig read = new CogVideoXConfig(
                new Blocks(
                        config.count("num_layers", 30),
                        config.count("num_attention_heads", 30),
                        config.positive("attention_head_dim", 64),
                        config.flag("attention_bias", true),
                        !config.text("activation_fn").orElse("").equals("gelu"),
                        config.flag("norm_elementwise_affine", true),
                        config.number("norm_eps", 1e-5)),
                config.positive("in_channels", 16),
                config.positive("out_channels", 16),
                new Timestep(
                        config.positive("time_embed_dim", 512),
                        config.flag("flip_sin_to_cos", true),
                        config.number("freq_shift", 0)),
                new Text(config.count("max_text_seq_length", 226), config.positive("text_embed_dim", 4096)),
                new Sample(
                        config.positive("sample_frames", 49),
                        config.positive("sample_height", 60),
                        config.positive("sample_width", 90),
                        config.count("temporal_compression_ratio", 4)),
                new Token(
                        config.count("patch_size", 2),
                        config.count("patch_size_t", 1),
                        config.has("patch_size_t"),
                        config.flag("patch_bias", true)),
                new Position(
                        positions(config),
                        config.number("spatial_interpolation_scale", 1.875),
                        config.number("temporal_interpolation_scale", 1)));
        config.requireAllRead();
        return read;
    }

    /**
     * Multiply-adds of a pass, as the literature counts them.
     *
     * @param text rows of the text encoder's states
     */
    public TransformerCost cost(int text) {
        return TransformerCost.jointlyAttending(blocks.depth(), width(), text, inChannels * patchCells());
    }

    private static Positions positions(ComponentConfig config) {
        boolean learned = config.flag("use_learned_positional_embeddings", false);
        if (!config.flag("use_rotary_positional_embeddings", false)) {
            if (learned) {
                throw config.refused("use_learned_positional_embeddings", "false without rotary positions");
            }
            return Positions.SINUSOIDAL;
        }
        return learned ? Positions.ROTARY_AND_LEARNED : Positions.ROTARY;
    }
}
