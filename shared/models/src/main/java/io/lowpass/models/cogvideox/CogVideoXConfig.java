package io.lowpass.models.cogvideox;

import io.lowpass.diffusion.TransformerCost;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Parameters;
import io.lowpass.models.transformer.TransformerConfig;
import io.lowpass.tensor.Architecture;
import java.util.List;

/**
 * What {@code config.json} says of a CogVideoX transformer; the names are those of diffusers'
 * {@code CogVideoXTransformer3DModel}.
 *
 * @param heads attention heads of a block
 * @param headWidth width of one head
 * @param inChannels channels of the latents
 * @param outChannels channels of the prediction
 * @param cosineFirst whether the timestep's cosines come before its sines
 * @param frequencyShift taken off the number of frequencies of the timestep
 * @param timeWidth width of the timestep's embedding
 * @param textWidth width of the text encoder's states
 * @param depth number of blocks
 * @param attentionBias whether queries, keys and values have a bias
 * @param sampleFrames frames of the videos that the model was trained on
 * @param sampleHeight latent height of those videos
 * @param sampleWidth latent width of those videos
 * @param side latent cells of one token, along height and width
 * @param span latent frames of one token
 * @param temporal whether the patch embedding spans time, as in version 1.5
 * @param temporalRatio frames per latent frame
 * @param textLength rows of the text encoder's states
 * @param tanhGelu whether the feed-forward layer has the tanh form of GELU
 * @param affineNorms whether norms have weights of their own
 * @param epsilon of every norm but those of queries and keys
 * @param spatialScale divides sinusoidal positions in space
 * @param temporalScale divides sinusoidal positions in time
 * @param positions how tokens know where they are
 * @param patchBias whether the patch embedding has a bias
 */
public record CogVideoXConfig(
        int heads,
        int headWidth,
        int inChannels,
        int outChannels,
        boolean cosineFirst,
        double frequencyShift,
        int timeWidth,
        int textWidth,
        int depth,
        boolean attentionBias,
        int sampleFrames,
        int sampleHeight,
        int sampleWidth,
        int side,
        int span,
        boolean temporal,
        int temporalRatio,
        int textLength,
        boolean tanhGelu,
        boolean affineNorms,
        double epsilon,
        double spatialScale,
        double temporalScale,
        Positions positions,
        boolean patchBias)
        implements TransformerConfig {

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
        TransformerConfig.require(epsilon > 0, "norm_eps", epsilon, "a positive number");
        TransformerConfig.require(spatialScale > 0, "spatial_interpolation_scale", spatialScale, "a positive number");
        TransformerConfig.require(
                temporalScale > 0, "temporal_interpolation_scale", temporalScale, "a positive number");
        TransformerConfig.require(
                positions == Positions.SINUSOIDAL || headWidth % POSITION_MULTIPLE == 0,
                "attention_head_dim",
                headWidth,
                "a multiple of " + POSITION_MULTIPLE + " with rotary positions");
        TransformerConfig.require(
                positions == Positions.ROTARY || heads * headWidth % POSITION_MULTIPLE == 0,
                "num_attention_heads times attention_head_dim",
                heads * headWidth,
                "a multiple of " + POSITION_MULTIPLE + " where positions are added");
        TransformerConfig.require(
                positions == Positions.ROTARY || !temporal,
                "patch_size_t",
                span,
                "null where positions are added: they count latent frames, not patches of them");
        TransformerConfig.require(heads * headWidth % 2 == 0, "attention_head_dim", headWidth, "an even number");
        double frequencies = heads * headWidth / 2.0 - frequencyShift;
        TransformerConfig.require(
                frequencies > 0, "freq_shift", frequencyShift, "less than half the width of the tokens");
    }

    @Override
    public int width() {
        return heads * headWidth;
    }

    @Override
    public List<Integer> patch() {
        return List.of(span, side, side);
    }

    @Override
    public List<String> blocks() {
        return Parameters.numbered("transformer_blocks.", depth);
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
                config.count("num_attention_heads", 30),
                config.positive("attention_head_dim", 64),
                config.positive("in_channels", 16),
                config.positive("out_channels", 16),
                config.flag("flip_sin_to_cos", true),
                config.number("freq_shift", 0),
                config.positive("time_embed_dim", 512),
                config.positive("text_embed_dim", 4096),
                config.count("num_layers", 30),
                config.flag("attention_bias", true),
                config.positive("sample_frames", 49),
                config.positive("sample_height", 60),
                config.positive("sample_width", 90),
                config.count("patch_size", 2),
                config.count("patch_size_t", 1),
                config.has("patch_size_t"),
                config.count("temporal_compression_ratio", 4),
                config.count("max_text_seq_length", 226),
                !config.text("activation_fn").orElse("").equals("gelu"),
                config.flag("norm_elementwise_affine", true),
                config.number("norm_eps", 1e-5),
                config.number("spatial_interpolation_scale", 1.875),
                config.number("temporal_interpolation_scale", 1),
                positions(config),
                config.flag("patch_bias", true));
        config.requireAllRead();
        return read;
    }

    /**
     * Multiply-adds of a pass, as the literature counts them.
     *
     * @param text rows of the text encoder's states
     */
    public TransformerCost cost(int text) {
        return TransformerCost.jointlyAttending(depth, width(), text, inChannels * patchCells());
    }

    /** Latent frames of the videos that the model was trained on. */
    int sampleLatentFrames() {
        return (sampleFrames - 1) / temporalRatio + 1;
    }

    /** Whether learned positions are for videos of that many latent frames; others get sinusoidal ones instead. */
    boolean isSample(long latentFrames) {
        return (latentFrames - 1) * temporalRatio + 1 == sampleFrames;
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
