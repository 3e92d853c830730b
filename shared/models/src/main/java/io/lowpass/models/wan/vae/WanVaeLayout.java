package io.lowpass.models.wan.vae;

import io.lowpass.models.vae.CoderLayers;
import io.lowpass.models.vae.KernelLayer;
import io.lowpass.models.vae.ResidualLayer;
import io.lowpass.models.vae.StreamingLayer;
import io.lowpass.models.vae.VaeLayer;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.models.vae.VaeParameters;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The layers of a Wan autoencoder. A frame passes alone; convolutions keep the two before it. */
record WanVaeLayout(WanVaeConfig config, boolean decodes) implements CoderLayers {

    private static final String CONV = "time_on_channels";

    static VaeLayout of(WanVaeConfig config) {
        return new VaeLayout(
                all -> new WanVaeLayout(config, true).decoder(all),
                all -> new WanVaeLayout(config, false).encoder(all));
    }

    private List<VaeLayer> decoder(VaeParameters all) {
        int latent = config.latentChannels();
        VaeLayer first = pointwise(all, "post_quant_conv", latent);
        return Stream.concat(
                        Stream.of(first),
                        decoder(all.at("decoder."), latent, config.up(), blocks() + 1, config.outChannels()).stream())
                .toList();
    }

    private List<VaeLayer> encoder(VaeParameters all) {
        int moments = 2 * config.latentChannels();
        return Stream.concat(
                        encoder(all.at("encoder."), config.inChannels(), config.down(), blocks(), moments).stream(),
                        Stream.of(pointwise(all, "quant_conv", moments)))
                .toList();
    }

    private int blocks() {
        return config.numResBlocks();
    }

    @Override
    public VaeLayer first(VaeParameters coder, int in, int out) {
        return coder.at("").cube(CONV, "conv_in", in, out, 3).streaming("causal");
    }

    @Override
    public VaeLayer residual(VaeParameters block, int in, int out) {
        return new ResidualLayer(
                normed(block, "norm1", "conv1", in, out),
                normed(block, "norm2", "conv2", out, out),
                in == out
                        ? Optional.empty()
                        : Optional.of(block.at("")
                                .cube(CONV, "conv_shortcut", in, out, 1)
                                .layer("conv")));
    }

    @Override
    public Optional<VaeLayer> attention(VaeParameters block, int width) {
        return Optional.of(block.laidOut("scaled", "norm.gamma", width, 1, 1)
                .conv("squeezed", "to_qkv", 3L * width, width, 1, 1)
                .conv("squeezed", "proj", width, width, 1, 1)
                .layer("attended"));
    }

    @Override
    public VaeLayer resampling(VaeParameters block, Level level) {
        long width = level.out();
        KernelLayer plane = block.at("")
                .square("channels_last", "resample.1", width, decodes ? width / 2 : width, 3)
                .layer(decodes ? "enlarged" : "halved");
        if (level.time() == 1) {
            return plane;
        }
        StreamingLayer time = block.at("")
                .conv(CONV, "time_conv", decodes ? 2 * width : width, width, 3, 1, 1)
                .streaming(decodes ? "doubled" : "paired");
        return decodes ? time.followedBy(plane) : plane.followedBy(time);
    }

    @Override
    public VaeLayer last(VaeParameters coder, int in, int out) {
        return normed(coder, "norm_out", "conv_out", in, out);
    }

    /** Residual blocks and resamplings of all levels are numbered together. */
    @Override
    public String down(int level, int block) {
        return "down_blocks." + (level * (blocks() + 1) + block) + ".";
    }

    @Override
    public String downsampler(int level) {
        return down(level, blocks());
    }

    private static VaeLayer pointwise(VaeParameters all, String name, int width) {
        return all.at("").cube(CONV, name, width, width, 1).layer("conv");
    }

    /** RMS norm, SiLU and causal convolution. */
    private static StreamingLayer normed(VaeParameters at, String norm, String conv, int in, int out) {
        KernelLayer activation =
                at.at("").laidOut("scaled", norm + ".gamma", in, 1, 1, 1).layer("activated");
        return at.at("").cube(CONV, conv, in, out, 3).streamingAfter(activation, "causal");
    }
}
