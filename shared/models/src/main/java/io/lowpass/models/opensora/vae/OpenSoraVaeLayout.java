package io.lowpass.models.opensora.vae;

import io.lowpass.tensor.Architecture;
import java.util.ArrayList;
import java.util.List;

/** The parts of Open-Sora's autoencoder, in the order in which frames pass them. */
final class OpenSoraVaeLayout {

    private static final String TEMPORAL = "temporal_vae.";
    private static final String SPATIAL = "spatial_vae.module.";

    private OpenSoraVaeLayout() {}

    /** All parameters, by name and shape. */
    static Architecture architecture(OpenSoraVaeConfig config) {
        int latents = config.latentChannels();
        Architecture architecture =
                new Architecture("vae").parameter("scale", 1, latents, 1, 1, 1).parameter("shift", 1, latents, 1, 1, 1);
        TemporalConfig temporal = config.temporal();
        // The one convolution without a bias outside residual blocks.
        Kind.TEMPORAL.declare(
                architecture, TEMPORAL + "encoder.conv_in.conv", temporal.channels(), temporal.filters(), 3);
        List.of(
                        temporalEncoder(temporal),
                        temporalDecoder(temporal),
                        spatialEncoder(config.spatial()),
                        spatialDecoder(config.spatial()))
                .forEach(parts -> parts.forEach(part -> part.declare(architecture)));
        return architecture;
    }

    /** From latents to the latents of the spatial autoencoder. */
    static List<Part> temporalDecoder(TemporalConfig config) {
        String decoder = TEMPORAL + "decoder.";
        int dim = config.dim(config.levels() - 1);
        List<Part> parts = new ArrayList<>();
        parts.add(conv(TEMPORAL + "post_quant_conv", config.latents(), config.width(), 1));
        parts.add(conv(decoder + "conv1", config.width(), dim, 3));
        addResiduals(config, decoder + "res_blocks.", dim, dim, parts);
        for (int level = config.levels() - 1; level >= 0; level--) {
            addResiduals(config, decoder + "block_res_blocks." + level + ".", dim, config.dim(level), parts);
            dim = config.dim(level);
            if (level > 0 && config.halves().get(level - 1)) {
                parts.add(new Part.Prolong(decoder + "conv_blocks." + (level - 1) + ".conv", dim));
            }
        }
        Part.Conv last = conv(decoder + "conv_out", dim, config.channels(), 3);
        parts.add(new Part.Last(decoder + "norm1", dim, config.groups(), last));
        return parts;
    }

    /** From latents of one frame to the frame. */
    static List<Part> spatialDecoder(SpatialConfig config) {
        String decoder = SPATIAL + "decoder.";
        int dim = config.innermost();
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Conv(SPATIAL + "post_quant_conv", config.latents(), config.latents(), 1, Kind.SPATIAL));
        parts.add(new Part.Conv(decoder + "conv_in", config.latents(), dim, 3, Kind.SPATIAL));
        addMiddle(config, decoder, parts);
        for (int level = 0; level < config.levels(); level++) {
            String block = decoder + "up_blocks." + level + ".";
            for (int i = 0; i <= config.blocks(); i++) {
                parts.add(residual(config, block + "resnets." + i, dim, config.decoderDim(level)));
                dim = config.decoderDim(level);
            }
            if (level < config.levels() - 1) {
                parts.add(new Part.Enlarge(block + "upsamplers.0.conv", dim));
            }
        }
        addLast(config, decoder, dim, config.out(), parts);
        return parts;
    }

    private static List<Part> temporalEncoder(TemporalConfig config) {
        String encoder = TEMPORAL + "encoder.";
        int dim = config.filters();
        List<Part> parts = new ArrayList<>();
        for (int level = 0; level < config.levels(); level++) {
            addResiduals(config, encoder + "block_res_blocks." + level + ".", dim, config.dim(level), parts);
            dim = config.dim(level);
            if (level < config.levels() - 1 && config.halves().get(level)) {
                parts.add(conv(encoder + "conv_blocks." + level, dim, dim, 3));
            }
        }
        addResiduals(config, encoder + "res_blocks.", dim, dim, parts);
        Part.Conv last = conv(encoder + "conv2", dim, 2 * config.width(), 1);
        parts.add(new Part.Last(encoder + "norm1", dim, config.groups(), last));
        parts.add(conv(TEMPORAL + "quant_conv", 2 * config.width(), 2 * config.latents(), 1));
        return parts;
    }

    private static List<Part> spatialEncoder(SpatialConfig config) {
        String encoder = SPATIAL + "encoder.";
        int dim = config.channels().get(0);
        int moments = 2 * config.latents();
        List<Part> parts = new ArrayList<>();
        parts.add(new Part.Conv(encoder + "conv_in", config.in(), dim, 3, Kind.SPATIAL));
        for (int level = 0; level < config.levels(); level++) {
            String block = encoder + "down_blocks." + level + ".";
            for (int i = 0; i < config.blocks(); i++) {
                parts.add(residual(
                        config, block + "resnets." + i, dim, config.channels().get(level)));
                dim = config.channels().get(level);
            }
            if (level < config.levels() - 1) {
                parts.add(new Part.Conv(block + "downsamplers.0.conv", dim, dim, 3, Kind.SPATIAL));
            }
        }
        addMiddle(config, encoder, parts);
        addLast(config, encoder, dim, moments, parts);
        parts.add(new Part.Conv(SPATIAL + "quant_conv", moments, moments, 1, Kind.SPATIAL));
        return parts;
    }

    private static void addResiduals(TemporalConfig config, String blocks, int in, int out, List<Part> parts) {
        for (int i = 0; i < config.blocks(); i++) {
            parts.add(new Part.Residual(blocks + i, i == 0 ? in : out, out, config.groups(), Kind.TEMPORAL));
        }
    }

    private static void addMiddle(SpatialConfig config, String coder, List<Part> parts) {
        int dim = config.innermost();
        parts.add(residual(config, coder + "mid_block.resnets.0", dim, dim));
        parts.add(new Part.Attention(coder + "mid_block.attentions.0", dim, config.groups()));
        parts.add(residual(config, coder + "mid_block.resnets.1", dim, dim));
    }

    private static void addLast(SpatialConfig config, String coder, int in, int out, List<Part> parts) {
        Part.Conv last = new Part.Conv(coder + "conv_out", in, out, 3, Kind.SPATIAL);
        parts.add(new Part.Last(coder + "conv_norm_out", in, config.groups(), last));
    }

    private static Part residual(SpatialConfig config, String name, int in, int out) {
        return new Part.Residual(name, in, out, config.groups(), Kind.SPATIAL);
    }

    private static Part.Conv conv(String name, int in, int out, int kernel) {
        return new Part.Conv(name + ".conv", in, out, kernel, Kind.TEMPORAL);
    }
}
