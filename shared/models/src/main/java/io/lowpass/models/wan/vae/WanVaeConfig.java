package io.lowpass.models.wan.vae;

import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.CoderLayers.Level;
import io.lowpass.models.vae.VaeConfig;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.tensor.Precision;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The settings of a Wan autoencoder ({@code AutoencoderKLWan}), version 2.1.
 *
 * @param baseDim channels of the encoder's first level
 * @param decoderBaseDim channels of the decoder's last level
 * @param latentChannels channels of the latents
 * @param dimMult channels of each level, as multiples of the base
 * @param numResBlocks residual blocks of an encoder level; a decoder level has one more
 * @param temporalDownsample for each level but the last, whether it halves the number of frames
 * @param latentsMean per latent channel, taken off the latents for the transformer
 * @param latentsStd per latent channel, divided out of the latents for the transformer
 * @param inChannels channels of a frame that is encoded
 * @param outChannels channels of a frame that is decoded
 */
public record WanVaeConfig(
        int baseDim,
        int decoderBaseDim,
        int latentChannels,
        List<Integer> dimMult,
        int numResBlocks,
        List<Boolean> temporalDownsample,
        List<Double> latentsMean,
        List<Double> latentsStd,
        int inChannels,
        int outChannels)
        implements VaeConfig {

    /**
     * Reads and checks {@code config.json}.
     *
     * @throws IllegalArgumentException naming the field, if a value is wrong or asks for another architecture
     */
    public static WanVaeConfig of(ComponentConfig config) {
        config.ignoring("dropout", "scale_factor_temporal", "scale_factor_spatial")
                .requireOneOf("_class_name", "\"AutoencoderKLWan\"", "null")
                .requireOneOf("is_residual", "false", "null")
                .requireOneOf("patch_size", "null", "1")
                .requireOneOf("attn_scales", "[]", "null");
        WanVaeConfig read = new WanVaeConfig(
                config.positive("base_dim"),
                config.positive("decoder_base_dim", config.positive("base_dim")),
                config.positive("z_dim"),
                config.counts("dim_mult"),
                config.count("num_res_blocks"),
                config.flags("temperal_downsample"),
                config.numbers("latents_mean"),
                config.numbers("latents_std"),
                config.positive("in_channels", 3),
                config.positive("out_channels", 3));
        read.requireConsistent(config);
        config.requireAllRead();
        return read;
    }

    private void requireConsistent(ComponentConfig config) {
        if (dimMult.isEmpty()) {
            throw config.refused("dim_mult", "a list of at least one number");
        }
        if (temporalDownsample.size() != levels() - 1) {
            throw config.refused("temperal_downsample", "one value less than dim_mult has: " + (levels() - 1));
        }
        if (latentsMean.size() != latentChannels) {
            throw config.refused("latents_mean", "a list of z_dim numbers: " + latentChannels);
        }
        if (latentsStd.size() != latentChannels || latentsStd.stream().anyMatch(std -> std <= 0)) {
            throw config.refused("latents_std", "a list of z_dim numbers above 0: " + latentChannels);
        }
    }

    /** Number of levels. */
    public int levels() {
        return dimMult.size();
    }

    @Override
    public int spatialFactor() {
        return 1 << (levels() - 1);
    }

    @Override
    public int temporalFactor() {
        return 1 << (int) temporalDownsample.stream().filter(halves -> halves).count();
    }

    @Override
    public VaeLayout layout() {
        return WanVaeLayout.of(this);
    }

    /** {@inheritDoc} What causal convolutions keep of two frames, and one residual block of the largest level in progress. */
    @Override
    public long decodingBytes(int height, int width, Precision precision) {
        long kept = 0;
        long largest = 0;
        int reduction = spatialFactor();
        for (Level level : up()) {
            long cells = (long) (height / reduction) * (width / reduction);
            kept += 2 * cells * (level.in() + (2L * numResBlocks + 2) * level.out());
            // Input, its norm, three frames side by side, the result, and the frames that wait: one or three.
            largest = Math.max(largest, cells * (6L * level.out() + 2L * level.in()));
            reduction /= level.space();
        }
        long frames = 2L * temporalFactor() * outChannels * height * width * Float.BYTES;
        return (kept + largest) * precision.bytes() + frames;
    }

    /** The levels of the encoder. */
    List<Level> down() {
        return IntStream.range(0, levels())
                .mapToObj(i -> level(baseDim * (i == 0 ? 1 : dimMult.get(i - 1)), baseDim * dimMult.get(i), i, i))
                .toList();
    }

    /** The levels of the decoder: enlarging halves the channels, and the frames are doubled where the encoder halves them. */
    List<Level> up() {
        int last = levels() - 1;
        return IntStream.rangeClosed(0, last)
                .mapToObj(i -> level(i == 0 ? decoderDim(0) : decoderDim(i - 1) / 2, decoderDim(i), i, last - 1 - i))
                .toList();
    }

    private int decoderDim(int level) {
        return decoderBaseDim * dimMult.get(levels() - 1 - level);
    }

    private Level level(int in, int out, int level, int time) {
        boolean resamples = level < levels() - 1;
        return new Level(in, out, resamples ? 2 : 1, resamples && temporalDownsample.get(time) ? 2 : 1);
    }
}
