package io.lowpass.models.opensora.vae;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.models.ComponentConfig;
import java.util.List;

/**
 * The settings of the spatial autoencoder, a diffusers {@code AutoencoderKL}.
 *
 * @param channels of each level
 * @param blocks residual blocks of an encoder level; a decoder level has one more
 * @param latents channels of its latents
 * @param groups of the group norms
 * @param in channels of a frame that is encoded
 * @param out channels of a frame that is decoded
 */
record SpatialConfig(List<Integer> channels, int blocks, int latents, int groups, int in, int out) {

    /** That of SDXL, which the published configuration names by its repository. */
    private static final SpatialConfig PUBLISHED = new SpatialConfig(List.of(128, 256, 512, 512), 2, 4, 32, 3, 3);

    /** Understands a configuration: without one of the autoencoder itself, it is as published. */
    static SpatialConfig of(ComponentConfig config) {
        config.ignoring("cache_dir", "from_pretrained", "local_files_only", "micro_batch_size", "subfolder")
                .requireOneOf("type", "\"VideoAutoencoderKL\"");
        boolean described = config.has("config");
        config.requireAllRead();
        return described
                ? described(ComponentConfig.of(
                        config.source() + ": config", config.json().path("config")))
                : PUBLISHED;
    }

    private static SpatialConfig described(ComponentConfig config) {
        requireAll(config, "down_block_types", "DownEncoderBlock2D");
        requireAll(config, "up_block_types", "UpDecoderBlock2D");
        config.requireOneOf("act_fn", "\"silu\"", "null")
                .requireOneOf("mid_block_add_attention", "true", "null")
                .requireOneOf("use_quant_conv", "true", "null")
                .requireOneOf("use_post_quant_conv", "true", "null");
        SpatialConfig read = new SpatialConfig(
                config.positives("block_out_channels"),
                config.count("layers_per_block", 1),
                config.positive("latent_channels", 4),
                config.count("norm_num_groups", 32),
                config.positive("in_channels", 3),
                config.positive("out_channels", 3));
        if (read.channels.isEmpty() || read.channels.stream().anyMatch(channels -> channels % read.groups != 0)) {
            throw config.refused("block_out_channels", "multiples of norm_num_groups: " + read.groups);
        }
        return read;
    }

    private static void requireAll(ComponentConfig config, String field, String type) {
        JsonNode types = config.json().path(field);
        if (config.has(field) && !types.valueStream().allMatch(node -> type.equals(node.asText()))) {
            throw config.refused(field, "a list of " + type);
        }
    }

    /** Number of levels. */
    int levels() {
        return channels.size();
    }

    /** Pixels per latent cell, along height and width. */
    int factor() {
        return 1 << (levels() - 1);
    }

    /** Channels of a decoder level, counted from the latents. */
    int decoderDim(int level) {
        return channels.get(levels() - 1 - level);
    }
}
