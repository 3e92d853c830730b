package io.lowpass.models.cogvideox.vae;

import io.lowpass.models.vae.VaeLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The parts of a CogVideoX autoencoder, in the order in which frames pass them. */
final class CogVideoXVaeLayout {

    /** Of the decoder's norms and of the encoder's last one, whatever the configuration says. */
    private static final double FIXED_EPSILON = 1e-6;

    private CogVideoXVaeLayout() {}

    /** The parts of an autoencoder. */
    static VaeLayout<Layer> of(CogVideoXVaeConfig config) {
        return new VaeLayout<>(decoder(config), encoder(config));
    }

    private static List<Part> decoder(CogVideoXVaeConfig config) {
        Part.Norm norm = new Part.Norm(config.latentChannels(), config.groups(), FIXED_EPSILON);
        int dim = config.decoderDim(0);
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Conv("decoder.conv_in", config.latentChannels(), dim));
        parts.addAll(residuals("decoder.mid_block", dim, dim, 2, norm));
        for (int level = 0; level < config.levels(); level++) {
            String name = "decoder.up_blocks." + level;
            int out = config.decoderDim(level);
            parts.addAll(residuals(name, dim, out, config.layers() + 1, norm));
            dim = out;
            if (level < config.levels() - 1) {
                parts.add(new Part.Resample(name + ".upsamplers.0", dim, true, config.spansTime(level)));
            }
        }
        parts.add(new Part.Last("decoder", dim, config.outChannels(), norm));
        return parts;
    }

    private static List<Part> encoder(CogVideoXVaeConfig config) {
        Part.Norm norm = new Part.Norm(0, config.groups(), config.epsilon());
        int dim = config.channels().get(0);
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Conv("encoder.conv_in", config.inChannels(), dim));
        for (int level = 0; level < config.levels(); level++) {
            String name = "encoder.down_blocks." + level;
            int out = config.channels().get(level);
            parts.addAll(residuals(name, dim, out, config.layers(), norm));
            dim = out;
            if (level < config.levels() - 1) {
                parts.add(new Part.Resample(name + ".downsamplers.0", dim, false, config.spansTime(level)));
            }
        }
        parts.addAll(residuals("encoder.mid_block", dim, dim, 2, norm));
        Part.Norm last = new Part.Norm(0, config.groups(), FIXED_EPSILON);
        parts.add(new Part.Last("encoder", dim, 2 * config.latentChannels(), last));
        return parts;
    }

    private static List<Part> residuals(String name, int in, int out, int count, Part.Norm norm) {
        return IntStream.range(0, count)
                .<Part>mapToObj(i -> new Part.Residual(name + ".resnets." + i, i == 0 ? in : out, out, norm))
                .toList();
    }
}
