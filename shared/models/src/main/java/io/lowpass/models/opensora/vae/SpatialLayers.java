package io.lowpass.models.opensora.vae;

import io.lowpass.models.vae.CoderLayers;
import io.lowpass.models.vae.VaeLayer;
import io.lowpass.models.vae.VaeParameters;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The layers of the spatial autoencoder, diffusers' {@code AutoencoderKL}. Each frame passes alone. */
record SpatialLayers(SpatialConfig config) implements CoderLayers {

    private static final String CONV = "channels_last";
    private static final double EPSILON = 1e-6;

    /** From latents of a frame to the frame. */
    VaeLayer decoder(VaeParameters all) {
        int latents = config.latents();
        List<Level> levels = levels(Level.reversed(config.channels()));
        return VaeLayer.chain(Stream.concat(
                        Stream.of(conv(all, "post_quant_conv", latents, latents, 1)),
                        decoder(all.at("decoder."), latents, levels, config.blocks() + 1, config.out()).stream())
                .toList());
    }

    /** From a frame to the moments of its latents. */
    VaeLayer encoder(VaeParameters all) {
        int moments = 2 * config.latents();
        List<Level> levels = levels(config.channels());
        return VaeLayer.chain(Stream.concat(
                        encoder(all.at("encoder."), config.in(), levels, config.blocks(), moments).stream(),
                        Stream.of(conv(all, "quant_conv", moments, moments, 1)))
                .toList());
    }

    private List<Level> levels(List<Integer> widths) {
        return Level.list(widths, i -> i < widths.size() - 1, i -> false);
    }

    @Override
    public VaeLayer first(VaeParameters coder, int in, int out) {
        return conv(coder, "conv_in", in, out, 3);
    }

    @Override
    public VaeLayer residual(VaeParameters block, int in, int out) {
        block.norm("norm1", in)
                .square(CONV, "conv1", in, out, 3)
                .norm("norm2", out)
                .square(CONV, "conv2", out, out, 3);
        if (in != out) {
            block.square(CONV, "conv_shortcut", in, out, 1);
        }
        return block.layer("residual", config.groups(), EPSILON);
    }

    @Override
    public Optional<VaeLayer> attention(VaeParameters block, int width) {
        return Optional.of(block.attention(width).layer("attention", config.groups(), EPSILON));
    }

    @Override
    public VaeLayer resampling(VaeParameters block, Level level) {
        return block.square(CONV, "conv", level.out(), level.out(), 3).layer("enlarged");
    }

    @Override
    public VaeLayer last(VaeParameters coder, int in, int out) {
        return coder.at("")
                .norm("conv_norm_out", in)
                .square(CONV, "conv_out", in, out, 3)
                .layer("last", config.groups(), EPSILON);
    }

    private static VaeLayer conv(VaeParameters at, String name, int in, int out, int kernel) {
        return at.at("").square(CONV, name, in, out, kernel).layer("conv");
    }
}
