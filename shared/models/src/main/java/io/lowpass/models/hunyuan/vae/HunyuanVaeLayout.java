package io.lowpass.models.hunyuan.vae;

import io.lowpass.models.vae.CoderLayers;
import io.lowpass.models.vae.VaeLayer;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.models.vae.VaeParameters;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The layers of a HunyuanVideo autoencoder. What goes in and out is all frames of a tile, shape (1, channels, frames,
 * height, width). Convolutions see a frame and those before it; before the first stand copies of it.
 */
record HunyuanVaeLayout(HunyuanVaeConfig config, boolean decodes) implements CoderLayers {

    private static final String CONV = "time_on_channels";
    private static final long[] ONCE = {1, 1};

    static VaeLayout of(HunyuanVaeConfig config) {
        return new VaeLayout(
                all -> new HunyuanVaeLayout(config, true).decoder(all),
                all -> new HunyuanVaeLayout(config, false).encoder(all));
    }

    private List<VaeLayer> decoder(VaeParameters all) {
        int latent = config.latentChannels();
        int blocks = config.layersPerBlock() + 1;
        return Stream.concat(
                        Stream.of(conv(all, "post_quant_conv", latent, latent, 1)),
                        decoder(all.at("decoder."), latent, config.up(), blocks, config.outChannels()).stream())
                .toList();
    }

    private List<VaeLayer> encoder(VaeParameters all) {
        int moments = 2 * config.latentChannels();
        int blocks = config.layersPerBlock();
        return Stream.concat(
                        encoder(all.at("encoder."), config.inChannels(), config.down(), blocks, moments).stream(),
                        Stream.of(conv(all, "quant_conv", moments, moments, 1)))
                .toList();
    }

    @Override
    public VaeLayer first(VaeParameters coder, int in, int out) {
        return conv(coder, "conv_in.conv", in, out, 3);
    }

    @Override
    public VaeLayer residual(VaeParameters block, int in, int out) {
        block.norm("norm1", in)
                .cube(CONV, "conv1.conv", in, out, 3)
                .norm("norm2", out)
                .cube(CONV, "conv2.conv", out, out, 3);
        if (in != out) {
            block.cube(CONV, "conv_shortcut.conv", in, out, 1);
        }
        return block.layer("residual", config.groups(), config.activation());
    }

    @Override
    public Optional<VaeLayer> attention(VaeParameters block, int width) {
        return config.attention()
                ? Optional.of(block.attention(width).layer("attended", config.groups()))
                : Optional.empty();
    }

    @Override
    public VaeLayer resampling(VaeParameters block, Level level) {
        long[] factors = {level.time(), level.space()};
        return block.cube(CONV, "conv.conv", level.out(), level.out(), 3)
                .layer("conv", decodes ? factors : ONCE, decodes ? ONCE : factors);
    }

    @Override
    public VaeLayer last(VaeParameters coder, int in, int out) {
        return coder.at("")
                .norm("conv_norm_out", in)
                .cube(CONV, "conv_out.conv", in, out, 3)
                .layer("last", config.groups());
    }

    private static VaeLayer conv(VaeParameters at, String name, int in, int out, int kernel) {
        return at.at("").cube(CONV, name, in, out, kernel).layer("conv", ONCE, ONCE);
    }
}
