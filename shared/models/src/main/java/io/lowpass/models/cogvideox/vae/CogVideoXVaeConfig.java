package io.lowpass.models.cogvideox.vae;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.CoderLayers.Level;
import io.lowpass.models.vae.VaeConfig;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.tensor.Precision;
import java.util.List;

/**
 * The settings of a CogVideoX autoencoder ({@code AutoencoderKLCogVideoX}).
 *
 * @param inChannels channels of a frame that is encoded
 * @param outChannels channels of a frame that is decoded
 * @param channels of each level, from pixels to latents
 * @param latentChannels channels of the latents
 * @param layers residual blocks of an encoder level; a decoder level has one more
 * @param epsilon of the encoder's norms
 * @param groups of channels that are normalized together
 * @param temporalFactor frames per latent frame
 * @param scalingFactor multiplies the latents for the transformer
 */
public record CogVideoXVaeConfig(
        int inChannels,
        int outChannels,
        List<Integer> channels,
        int latentChannels,
        int layers,
        double epsilon,
        int groups,
        int temporalFactor,
        double scalingFactor)
        implements VaeConfig {

    /** Latent frames: an odd number is decoded in pairs, the first of which has one more. */
    private static final int LARGEST_BATCH = 3;

    private static final List<Integer> PUBLISHED = List.of(128, 256, 256, 512);

    /** Copies the list. */
    public CogVideoXVaeConfig {
        channels = List.copyOf(channels);
    }

    /**
     * Reads and checks {@code config.json}.
     *
     * @throws IllegalArgumentException naming the field, if a value is wrong or asks for another architecture
     */
    public static CogVideoXVaeConfig of(ComponentConfig config) {
        config.ignoring("sample_height", "sample_width", "force_upcast", "invert_scale_latents")
                .requireOneOf("_class_name", "\"AutoencoderKLCogVideoX\"", "null")
                .requireOneOf("act_fn", "\"silu\"", "\"swish\"", "null")
                .requireOneOf("use_quant_conv", "false", "null")
                .requireOneOf("use_post_quant_conv", "false", "null")
                .requireOneOf("shift_factor", "null")
                .requireOneOf("latents_mean", "null")
                .requireOneOf("latents_std", "null");
        CogVideoXVaeConfig read = new CogVideoXVaeConfig(
                config.positive("in_channels", 3),
                config.positive("out_channels", 3),
                config.has("block_out_channels") ? config.positives("block_out_channels") : PUBLISHED,
                config.positive("latent_channels", 16),
                config.count("layers_per_block", 3),
                config.number("norm_eps", 1e-6),
                config.count("norm_num_groups", 32),
                config.count("temporal_compression_ratio", 4),
                config.number("scaling_factor", 1.15258426));
        read.requireConsistent(config);
        config.requireAllRead();
        return read;
    }

    private void requireConsistent(ComponentConfig config) {
        if (channels.isEmpty() || channels.stream().anyMatch(width -> width % groups != 0)) {
            throw config.refused("block_out_channels", "a list of multiples of norm_num_groups: " + groups);
        }
        if (Integer.bitCount(temporalFactor) != 1 || temporalFactor > spatialFactor()) {
            throw config.refused(
                    "temporal_compression_ratio", "a power of 2 up to what the levels make: " + spatialFactor());
        }
        if (scalingFactor == 0) {
            throw config.refused("scaling_factor", "a number other than 0");
        }
        requireBlocks(config, "down_block_types", "CogVideoXDownBlock3D");
        requireBlocks(config, "up_block_types", "CogVideoXUpBlock3D");
    }

    private void requireBlocks(ComponentConfig config, String field, String type) {
        JsonNode blocks = config.json().path(field);
        boolean fits = blocks.size() == levels()
                && blocks.valueStream().allMatch(block -> block.asText().equals(type));
        if (config.has(field) ? !fits : levels() != PUBLISHED.size()) {
            throw config.refused(field, "one " + type + " for each of block_out_channels: " + levels());
        }
    }

    /** Number of levels. */
    public int levels() {
        return channels.size();
    }

    @Override
    public int spatialFactor() {
        return 1 << (levels() - 1);
    }

    @Override
    public VaeLayout layout() {
        return CogVideoXVaeLayout.of(this);
    }

    @Override
    public long decodingBytes(int height, int width, Precision precision) {
        return decodingBytes(height, width, LARGEST_BATCH, precision);
    }

    /**
     * An estimate of the bytes that decoding takes at its peak beyond the weights: all frames of a batch before and after
     * a convolution, what the convolution of one frame takes, and what all convolutions keep of two frames.
     *
     * @param latentFrames of the largest batch
     */
    long decodingBytes(int height, int width, int latentFrames, Precision precision) {
        long frames = latentFrames;
        long kept = 0;
        long largest = 0;
        int reduction = spatialFactor();
        // Two residual blocks of the middle have the width of the first level.
        long windows = 2L * (layers + 3);
        for (Level level : up()) {
            long cells = (long) (height / reduction) * (width / reduction);
            long in = level.in();
            long out = level.out();
            kept += 2 * cells * (in + (windows - 1) * out) * precision.bytes();
            long batch = frames * Math.max(in + out, 2 * out);
            // Three frames side by side, those that will be kept and the result; and activations in f32.
            largest = Math.max(largest, cells * ((batch + 6 * in + out) * precision.bytes() + 2 * in * Float.BYTES));
            frames = level.time() > 1 && frames > 1 ? 2 * frames - 1 : frames;
            reduction /= level.space();
            windows = 2L * (layers + 1);
        }
        return kept + largest + 2 * frames * outChannels * height * width * Float.BYTES;
    }

    /** The levels of the encoder. */
    List<Level> down() {
        return levels(channels);
    }

    /** The levels of the decoder. */
    List<Level> up() {
        return levels(Level.reversed(channels));
    }

    private List<Level> levels(List<Integer> widths) {
        return Level.list(widths, i -> i < levels() - 1, i -> 1 << i < temporalFactor);
    }
}
