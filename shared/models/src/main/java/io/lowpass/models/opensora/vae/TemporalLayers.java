package io.lowpass.models.opensora.vae;

import io.lowpass.models.vae.VaeLayer;
import io.lowpass.models.vae.VaeParameters;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of the temporal autoencoder, under the names of its authors. What goes in and out is the frames of a chunk,
 * shape (frames, channels, height, width). Convolutions have three taps in time, this frame's and those of the two before
 * it; residual blocks have no biases.
 */
record TemporalLayers(TemporalConfig config) {

    private static final String CONV = "laid_out";
    private static final double EPSILON = 1e-5;

    /** From latents to the latents of the spatial autoencoder. */
    VaeLayer decoder(VaeParameters all) {
        VaeParameters decoder = all.at("decoder.");
        int dim = config.dim(config.levels() - 1);
        List<VaeLayer> layers = new ArrayList<>();
        layers.add(conv(all, "post_quant_conv", config.latents(), config.width(), 1));
        layers.add(conv(decoder, "conv1", config.width(), dim, 3));
        addResiduals(decoder, "res_blocks.", dim, dim, layers);
        for (int level = config.levels() - 1; level >= 0; level--) {
            addResiduals(decoder, "block_res_blocks." + level + ".", dim, config.dim(level), layers);
            dim = config.dim(level);
            if (level > 0 && config.halves().get(level - 1)) {
                layers.add(decoder.at("conv_blocks." + (level - 1) + ".")
                        .cube(CONV, "conv", dim, 2L * dim, 3)
                        .layer("prolonged"));
            }
        }
        layers.add(last(decoder, "conv_out", dim, config.channels(), 3));
        return VaeLayer.chain(layers);
    }

    /** From the latents of the spatial autoencoder to the moments of latents. */
    VaeLayer encoder(VaeParameters all) {
        VaeParameters encoder = all.at("encoder.");
        int dim = config.filters();
        List<VaeLayer> layers = new ArrayList<>();
        // The one convolution without a bias outside residual blocks.
        layers.add(encoder.at("conv_in.")
                .laidOut(CONV, "conv.weight", dim, config.channels(), 3, 3, 3)
                .zeros(dim)
                .layer("conv"));
        for (int level = 0; level < config.levels(); level++) {
            addResiduals(encoder, "block_res_blocks." + level + ".", dim, config.dim(level), layers);
            dim = config.dim(level);
            if (level < config.levels() - 1 && config.halves().get(level)) {
                layers.add(conv(encoder, "conv_blocks." + level, dim, dim, 3));
            }
        }
        addResiduals(encoder, "res_blocks.", dim, dim, layers);
        layers.add(last(encoder, "conv2", dim, 2 * config.width(), 1));
        layers.add(conv(all, "quant_conv", 2 * config.width(), 2 * config.latents(), 1));
        return VaeLayer.chain(layers);
    }

    private void addResiduals(VaeParameters coder, String blocks, int in, int out, List<VaeLayer> layers) {
        for (int i = 0; i < config.blocks(); i++) {
            layers.add(residual(coder.at(blocks + i + "."), i == 0 ? in : out, out));
        }
    }

    private VaeLayer residual(VaeParameters block, int in, int out) {
        unbiased(block.norm("norm1", in), "conv1", in, out, 3);
        unbiased(block.norm("norm2", out), "conv2", out, out, 3);
        if (in != out) {
            unbiased(block, "conv3", in, out, 1);
        }
        return block.layer("residual", config.groups(), EPSILON);
    }

    private VaeLayer last(VaeParameters coder, String conv, int in, int out, int kernel) {
        return coder.at("")
                .norm("norm1", in)
                .cube(CONV, conv + ".conv", in, out, kernel)
                .layer("last", config.groups(), EPSILON);
    }

    private static VaeLayer conv(VaeParameters at, String name, int in, int out, int kernel) {
        return at.at(name + ".").cube(CONV, "conv", in, out, kernel).layer("conv");
    }

    private static void unbiased(VaeParameters block, String name, int in, int out, int kernel) {
        block.laidOut(CONV, name + ".conv.weight", out, in, kernel, kernel, kernel)
                .zeros(out);
    }
}
