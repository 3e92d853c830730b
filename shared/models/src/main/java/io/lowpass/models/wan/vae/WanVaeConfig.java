package io.lowpass.models.wan.vae;

import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;
import java.util.List;
import java.util.Set;

/**
 * The settings of a Wan autoencoder ({@code AutoencoderKLWan}), version 2.1.
 *
 * @param baseDim channels of the encoder's first level
 * @param decoderBaseDim channels of the decoder's last level
 * @param zDim channels of the latents
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
        int zDim,
        List<Integer> dimMult,
        int numResBlocks,
        List<Boolean> temporalDownsample,
        List<Double> latentsMean,
        List<Double> latentsStd,
        int inChannels,
        int outChannels) {

    private static final Set<String> KNOWN = Set.of(
            "base_dim",
            "decoder_base_dim",
            "z_dim",
            "dim_mult",
            "num_res_blocks",
            "attn_scales",
            "temperal_downsample",
            "dropout",
            "latents_mean",
            "latents_std",
            "is_residual",
            "in_channels",
            "out_channels",
            "patch_size",
            "scale_factor_temporal",
            "scale_factor_spatial");

    /**
     * Reads and checks {@code config.json}.
     *
     * @throws IllegalArgumentException naming the field, if a value is wrong or asks for another architecture
     */
    public static WanVaeConfig of(ComponentConfig config) {
        config.requireKnown(KNOWN)
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
        return read;
    }

    private void requireConsistent(ComponentConfig config) {
        if (dimMult.isEmpty()) {
            throw config.refused("dim_mult", "a list of at least one number");
        }
        if (temporalDownsample.size() != levels() - 1) {
            throw config.refused("temperal_downsample", "one value less than dim_mult has: " + (levels() - 1));
        }
        if (latentsMean.size() != zDim) {
            throw config.refused("latents_mean", "a list of z_dim numbers: " + zDim);
        }
        if (latentsStd.size() != zDim || latentsStd.stream().anyMatch(std -> std <= 0)) {
            throw config.refused("latents_std", "a list of z_dim numbers above 0: " + zDim);
        }
    }

    /** Number of levels. */
    public int levels() {
        return dimMult.size();
    }

    /** Pixels per latent cell, along height and width. */
    public int spatialFactor() {
        return 1 << (levels() - 1);
    }

    /** Frames per latent frame. */
    public int temporalFactor() {
        return 1 << (int) temporalDownsample.stream().filter(halves -> halves).count();
    }

    /** Name and shape of every parameter. */
    public Architecture architecture() {
        return WanVaeLayout.of(this).architecture();
    }

    /**
     * An estimate of the bytes that decoding takes at its peak beyond the weights: what the causal convolutions keep of
     * two frames, and one residual block of the largest level in progress.
     */
    public long decodingBytes(int height, int width, Precision precision) {
        long kept = 0;
        long largest = 0;
        for (int level = 0; level < levels(); level++) {
            int reduction = 1 << (levels() - 1 - level);
            long cells = (long) (height / reduction) * (width / reduction);
            kept += 2 * cells * (decoderInput(level) + (2L * numResBlocks + 2) * decoderDim(level));
            // Input, its norm, three frames side by side, the result, and the frames that wait: one or three.
            largest = Math.max(largest, cells * (6L * decoderDim(level) + 2L * decoderInput(level)));
        }
        long frames = 2L * temporalFactor() * outChannels * height * width * Float.BYTES;
        return (kept + largest) * precision.bytes() + frames;
    }

    /** Channels that an encoder level puts out. */
    int encoderDim(int level) {
        return baseDim * dimMult.get(level);
    }

    /** Channels of a decoder level before its frames are enlarged, counted from the latents. */
    int decoderDim(int level) {
        return decoderBaseDim * dimMult.get(levels() - 1 - level);
    }

    /** Channels that a decoder level gets. */
    int decoderInput(int level) {
        return level == 0 ? decoderDim(0) : decoderDim(level - 1) / 2;
    }

    /** Whether a decoder level doubles the number of frames. */
    boolean doublesFrames(int level) {
        return temporalDownsample.get(levels() - 2 - level);
    }
}
