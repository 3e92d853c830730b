package io.lowpass.models.opensora.vae;

import io.lowpass.models.ComponentConfig;
import java.util.List;

/**
 * The settings of the temporal autoencoder.
 *
 * @param channels of what it encodes and decodes
 * @param width channels between the latents and the convolutions
 * @param latents channels of the latents
 * @param filters channels of the first level
 * @param blocks residual blocks of a level
 * @param multipliers channels of each level, as multiples of {@code filters}
 * @param halves for each level but the last, whether it halves the number of frames
 * @param groups of the group norms
 */
record TemporalConfig(
        int channels,
        int width,
        int latents,
        int filters,
        int blocks,
        List<Integer> multipliers,
        List<Boolean> halves,
        int groups) {

    /** What the published configuration means by {@code VAE_Temporal_SD}. */
    private static final TemporalConfig PUBLISHED =
            new TemporalConfig(4, 4, 4, 128, 4, List.of(1, 2, 2, 4), List.of(false, true, true), 32);

    /** Understands a configuration: what is absent is as published. */
    static TemporalConfig of(ComponentConfig config) {
        config.ignoring("from_pretrained")
                .requireOneOf("type", "\"VAE_Temporal\"", "\"VAE_Temporal_SD\"")
                .requireOneOf("activation_fn", "\"swish\"", "null");
        TemporalConfig read = new TemporalConfig(
                config.positive("in_out_channels", PUBLISHED.channels),
                config.positive("latent_embed_dim", PUBLISHED.width),
                config.positive("embed_dim", PUBLISHED.latents),
                config.positive("filters", PUBLISHED.filters),
                config.count("num_res_blocks", PUBLISHED.blocks),
                config.has("channel_multipliers") ? config.counts("channel_multipliers") : PUBLISHED.multipliers,
                config.has("temporal_downsample") ? config.flags("temporal_downsample") : PUBLISHED.halves,
                config.count("num_groups", PUBLISHED.groups));
        if (read.halves.size() < read.levels() - 1) {
            throw config.refused(
                    "temporal_downsample", "one value for each level but the last: " + (read.levels() - 1));
        }
        if (read.multipliers.stream().anyMatch(multiplier -> multiplier * read.filters % read.groups != 0)) {
            throw config.refused("num_groups", "a divisor of the channels of every level");
        }
        config.requireAllRead();
        return read;
    }

    /** Number of levels. */
    int levels() {
        return multipliers.size();
    }

    /** Channels of a level. */
    int dim(int level) {
        return filters * multipliers.get(level);
    }

    /** Frames per latent frame. */
    int factor() {
        return 1
                << (int) halves.stream()
                        .limit(levels() - 1L)
                        .filter(halve -> halve)
                        .count();
    }

    /** Latent frames of a chunk: where frames are wanting, it is filled up in front. */
    int latentFrames(int frames) {
        return (frames + factor() - 1) / factor();
    }
}
