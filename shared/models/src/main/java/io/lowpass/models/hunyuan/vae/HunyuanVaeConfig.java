package io.lowpass.models.hunyuan.vae;

import ai.djl.Device;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.CoderLayers.Level;
import io.lowpass.models.vae.VaeConfig;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.tensor.Devices;
import io.lowpass.tensor.Precision;
import java.util.Collections;
import java.util.List;

/**
 * The settings of a HunyuanVideo autoencoder ({@code AutoencoderKLHunyuanVideo}).
 *
 * @param inChannels channels of a frame that is encoded
 * @param outChannels channels of a frame that is decoded
 * @param latentChannels channels of the latents
 * @param blockChannels channels of each level of the encoder; the decoder has them in reverse
 * @param layersPerBlock residual blocks of an encoder level; a decoder level has one more
 * @param activation in the residual blocks
 * @param groups groups of channels that are normalized together
 * @param scalingFactor what latents are multiplied by for the transformer
 * @param spatialFactor pixels per latent cell, along height and width
 * @param attention whether the latent frames attend to each other
 */
public record HunyuanVaeConfig(
        int inChannels,
        int outChannels,
        int latentChannels,
        List<Integer> blockChannels,
        int layersPerBlock,
        String activation,
        int groups,
        double scalingFactor,
        int spatialFactor,
        boolean attention)
        implements VaeConfig {

    private static final int TEMPORAL_LEVELS = 2;

    /**
     * Reads and checks {@code config.json}; what it leaves out is as in the public model.
     *
     * @throws IllegalArgumentException naming the field, if a value is wrong or asks for another architecture
     */
    public static HunyuanVaeConfig of(ComponentConfig config) {
        config.requireOneOf("_class_name", "\"AutoencoderKLHunyuanVideo\"", "null")
                .requireOneOf("temporal_compression_ratio", "4", "null")
                .requireOneOf("act_fn", "\"silu\"", "\"swish\"", "\"gelu\"", "\"relu\"", "\"mish\"", "null");
        HunyuanVaeConfig read = new HunyuanVaeConfig(
                config.positive("in_channels", 3),
                config.positive("out_channels", 3),
                config.positive("latent_channels", 16),
                config.has("block_out_channels") ? config.positives("block_out_channels") : List.of(128, 256, 512, 512),
                config.count("layers_per_block", 2),
                config.text("act_fn").orElse("silu"),
                config.count("norm_num_groups", 32),
                config.number("scaling_factor", 0.476986),
                config.count("spatial_compression_ratio", 8),
                config.flag("mid_block_add_attention", true));
        read.requireConsistent(config);
        config.requireAllRead();
        return read;
    }

    private void requireConsistent(ComponentConfig config) {
        if (blockChannels.size() <= TEMPORAL_LEVELS
                || blockChannels.stream().anyMatch(channels -> channels % groups != 0)) {
            throw config.refused(
                    "block_out_channels", "a list of three or more multiples of norm_num_groups: " + groups);
        }
        if (Integer.bitCount(spatialFactor) != 1 || spatialFactor > 1 << blockChannels.size()) {
            throw config.refused("spatial_compression_ratio", "a power of 2 up to " + (1 << blockChannels.size()));
        }
        if (!(scalingFactor > 0)) {
            throw config.refused("scaling_factor", "a number above 0");
        }
        requireTypes(config, "down_block_types", "HunyuanVideoDownBlock3D");
        requireTypes(config, "up_block_types", "HunyuanVideoUpBlock3D");
    }

    private void requireTypes(ComponentConfig config, String field, String type) {
        List<String> all = Collections.nCopies(blockChannels.size(), '"' + type + '"');
        if (config.has(field)) {
            config.requireOneOf(field, '[' + String.join(",", all) + ']');
        }
    }

    @Override
    public int temporalFactor() {
        return 1 << TEMPORAL_LEVELS;
    }

    @Override
    public VaeLayout layout() {
        return HunyuanVaeLayout.of(this);
    }

    /** {@inheritDoc} On the CPU, frames are cut into tiles where they would take more than {@link HunyuanVae#largestUncut}. */
    @Override
    public long decodingBytes(int height, int width, Precision precision) {
        if (isUncut(height, width, precision, HunyuanVae.largestUncut(Device.cpu(), Devices::memory))) {
            return uncutBytes(height, width, precision);
        }
        int side = HunyuanTiles.SIDE;
        // Of the picture, the tiles of a row and of the row above it, and then all rows, are held.
        long pictures = 3L * outChannels * height * width * (HunyuanTiles.FRAMES + 1) * Float.BYTES;
        return uncutBytes(Math.min(height, side), Math.min(width, side), precision) + pictures;
    }

    /** Whether frames are decoded whole: they are no larger than a tile, or take at most so many bytes. */
    boolean isUncut(int height, int width, Precision precision, long largest) {
        return (height <= HunyuanTiles.SIDE && width <= HunyuanTiles.SIDE)
                || uncutBytes(height, width, precision) <= largest;
    }

    /**
     * Input, norm and result of the largest residual block for the frames of a tile in time, what the convolution of one
     * frame takes, and the frames themselves.
     */
    private long uncutBytes(int height, int width, Precision precision) {
        int space = 1;
        int time = 1;
        long largest = 0;
        for (Level level : up()) {
            long cells = (long) (height * space / spatialFactor) * (width * space / spatialFactor);
            long widest = Math.max(level.in(), level.out());
            // Three frames side by side and their border, once more as the convolution lays them out; and its result.
            long one = 6 * widest + 2L * level.out();
            largest = Math.max(largest, cells * (frames(time) * (2 * widest + level.out()) + one));
            space *= level.space();
            time *= level.time();
        }
        return largest * precision.bytes() + 3L * outChannels * height * width * frames(time) * Float.BYTES;
    }

    /** Frames of a tile where a latent frame stands for so many. */
    private static long frames(int time) {
        return (long) HunyuanTiles.FRAMES / (1 << TEMPORAL_LEVELS) * time + 1;
    }

    /** The levels of the encoder. */
    List<Level> down() {
        return levels(blockChannels);
    }

    /** The levels of the decoder. */
    List<Level> up() {
        return levels(Level.reversed(blockChannels));
    }

    private List<Level> levels(List<Integer> widths) {
        int last = widths.size() - 1;
        return Level.list(
                widths,
                i -> i < Integer.numberOfTrailingZeros(spatialFactor),
                i -> i >= last - TEMPORAL_LEVELS && i < last);
    }
}
