package io.lowpass.models.cogvideox.vae;

import io.lowpass.models.vae.CoderLayers;
import io.lowpass.models.vae.ResidualLayer;
import io.lowpass.models.vae.StreamingLayer;
import io.lowpass.models.vae.VaeLayer;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.models.vae.VaeParameters;
import java.util.Optional;

/**
 * The layers of an encoder or decoder of CogVideoX. Group norms look at all frames of a batch; those of the decoder are
 * scaled and shifted by what two convolutions of single cells make of the latents (Zheng et al., 2022).
 *
 * @param groups of channels that are normalized together
 * @param epsilon added to the variance
 * @param latents channels of the latents that scale and shift norms; 0 in the encoder
 */
record CogVideoXVaeLayout(int groups, double epsilon, int latents) implements CoderLayers {

    /** Of the decoder's norms and of the encoder's last one, whatever the configuration says. */
    private static final double FIXED_EPSILON = 1e-6;

    private static final String CONV = "time_on_channels";
    private static final String POINT = "pointwise";

    static VaeLayout of(CogVideoXVaeConfig config) {
        int latent = config.latentChannels();
        CoderLayers decoder = new CogVideoXVaeLayout(config.groups(), FIXED_EPSILON, latent);
        CoderLayers encoder = new CogVideoXVaeLayout(config.groups(), config.epsilon(), 0);
        return new VaeLayout(
                all -> decoder.decoder(
                        all.at("decoder."), latent, config.up(), config.layers() + 1, config.outChannels()),
                all -> encoder.encoder(
                        all.at("encoder."), config.inChannels(), config.down(), config.layers(), 2 * latent));
    }

    @Override
    public VaeLayer first(VaeParameters coder, int in, int out) {
        return coder.at("conv_in.").cube(CONV, "conv", in, out, 3).streaming("causal");
    }

    @Override
    public VaeLayer residual(VaeParameters block, int in, int out) {
        return new ResidualLayer(
                normed(block, "norm1", "conv1", in, out, epsilon),
                normed(block, "norm2", "conv2", out, out, epsilon),
                in == out
                        ? Optional.empty()
                        : Optional.of(block.at("")
                                .cube(POINT, "conv_shortcut", in, out, 1)
                                .layer("shortcut")));
    }

    @Override
    public VaeLayer resampling(VaeParameters block, Level level) {
        String kernel = latents > 0 ? "enlarged" : "reduced";
        return block.square("channels_last", "conv", level.out(), level.out(), 3)
                .streaming(kernel, level.time() == 2);
    }

    @Override
    public VaeLayer last(VaeParameters coder, int in, int out) {
        return normed(coder, "norm_out", "conv_out", in, out, FIXED_EPSILON);
    }

    /** Group norm, SiLU and causal convolution. */
    private StreamingLayer normed(VaeParameters at, String norm, String conv, int in, int out, double added) {
        VaeParameters all = at.at("");
        if (latents == 0) {
            all.norm(norm, in);
        } else {
            all.norm(norm + ".norm_layer", in)
                    .cube(POINT, norm + ".conv_y.conv", latents, in, 1)
                    .cube(POINT, norm + ".conv_b.conv", latents, in, 1);
        }
        return all.cube(CONV, conv + ".conv", in, out, 3).scaled("normed_causal", groups, added);
    }
}
