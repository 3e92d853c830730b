package io.lowpass.models.wan.vae;

import io.lowpass.models.vae.VaeLayout;
import java.util.ArrayList;
import java.util.List;

/** The parts of a Wan autoencoder, in the order in which a frame passes them. */
final class WanVaeLayout {

    private WanVaeLayout() {}

    /** The parts of an autoencoder. */
    static VaeLayout<Layer> of(WanVaeConfig config) {
        return new VaeLayout<>(decoder(config), encoder(config));
    }

    private static List<Part> decoder(WanVaeConfig config) {
        int dim = config.decoderDim(0);
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Conv("post_quant_conv", config.zDim(), config.zDim(), 1));
        parts.add(new Part.Conv("decoder.conv_in", config.zDim(), dim, 3));
        parts.addAll(middle("decoder.mid_block", dim));
        for (int level = 0; level < config.levels(); level++) {
            addDecoderLevel(config, level, parts);
        }
        parts.add(new Part.Last("decoder", config.decoderDim(config.levels() - 1), config.outChannels()));
        return parts;
    }

    private static List<Part> encoder(WanVaeConfig config) {
        int dim = config.encoderDim(config.levels() - 1);
        int moments = 2 * config.zDim();
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Conv("encoder.conv_in", config.inChannels(), config.baseDim(), 3));
        int number = 0;
        for (int level = 0; level < config.levels(); level++) {
            number = addEncoderLevel(config, level, number, parts);
        }
        parts.addAll(middle("encoder.mid_block", dim));
        parts.add(new Part.Last("encoder", dim, moments));
        parts.add(new Part.Conv("quant_conv", moments, moments, 1));
        return parts;
    }

    private static List<Part> middle(String name, int dim) {
        return List.of(
                new Part.Residual(name + ".resnets.0", dim, dim),
                new Part.Attention(name + ".attentions.0", dim),
                new Part.Residual(name + ".resnets.1", dim, dim));
    }

    private static void addDecoderLevel(WanVaeConfig config, int level, List<Part> parts) {
        String name = "decoder.up_blocks." + level;
        int dim = config.decoderDim(level);
        int in = config.decoderInput(level);
        for (int i = 0; i <= config.numResBlocks(); i++) {
            parts.add(new Part.Residual(name + ".resnets." + i, in, dim));
            in = dim;
        }
        if (level < config.levels() - 1) {
            parts.add(new Part.Enlarge(name + ".upsamplers.0", dim, config.doublesFrames(level)));
        }
    }

    private static int addEncoderLevel(WanVaeConfig config, int level, int first, List<Part> parts) {
        int dim = config.encoderDim(level);
        int in = level == 0 ? config.baseDim() : config.encoderDim(level - 1);
        int number = first;
        for (int i = 0; i < config.numResBlocks(); i++) {
            parts.add(new Part.Residual("encoder.down_blocks." + number++, in, dim));
            in = dim;
        }
        if (level < config.levels() - 1) {
            boolean halves = config.temporalDownsample().get(level);
            parts.add(new Part.Reduce("encoder.down_blocks." + number++, dim, halves));
        }
        return number;
    }
}
