package io.lowpass.models.hunyuan;

import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.IntStream;

/** The parameters of a HunyuanVideo transformer, under the names of diffusers. */
public final class HunyuanArchitecture {

    /** Sines and cosines of a timestep or a guidance scale. */
    static final int WAVES = 256;

    private HunyuanArchitecture() {}

    /** Every parameter that a configuration asks for. */
    public static Architecture of(HunyuanConfig config) {
        int width = config.width();
        Architecture parameters = new Architecture("transformer")
                .parameter(
                        "x_embedder.proj.weight",
                        width,
                        config.inChannels(),
                        config.patch().get(0),
                        config.patch().get(1),
                        config.patch().get(2))
                .parameter("x_embedder.proj.bias", width);
        pair(parameters, "context_embedder.time_text_embed.timestep_embedder", WAVES, width);
        pair(parameters, "context_embedder.time_text_embed.text_embedder", config.textWidth(), width);
        parameters.linear("context_embedder.proj_in", config.textWidth(), width);
        for (int i = 0; i < config.refiners(); i++) {
            refiner(parameters, "context_embedder.token_refiner.refiner_blocks." + i + ".", config);
        }
        pair(parameters, "time_text_embed.timestep_embedder", WAVES, width);
        pair(parameters, "time_text_embed.text_embedder", config.pooledWidth(), width);
        if (config.guidanceEmbedded()) {
            pair(parameters, "time_text_embed.guidance_embedder", WAVES, width);
        }
        doubleBlocks(config).forEach(block -> doubleBlock(parameters, block, config));
        singleBlocks(config).forEach(block -> singleBlock(parameters, block, config));
        return parameters
                .linear("norm_out.linear", width, 2L * width)
                .linear("proj_out", width, (long) config.outChannels() * config.patchCells());
    }

    /** What the names of each double block's parameters start with; these blocks run first. */
    static List<String> doubleBlocks(HunyuanConfig config) {
        return IntStream.range(0, config.doubles())
                .mapToObj(i -> "transformer_blocks." + i + ".")
                .toList();
    }

    /** What the names of each single block's parameters start with. */
    static List<String> singleBlocks(HunyuanConfig config) {
        return IntStream.range(0, config.singles())
                .mapToObj(i -> "single_transformer_blocks." + i + ".")
                .toList();
    }

    private static void refiner(Architecture parameters, String block, HunyuanConfig config) {
        int width = config.width();
        parameters.affine(block + "norm1", width);
        projections(parameters, block + "attn.", width, "to_q", "to_k", "to_v", "to_out.0");
        parameters
                .affine(block + "norm2", width)
                .linear(block + "ff.net.0.proj", width, config.refinerWidth())
                .linear(block + "ff.net.2", config.refinerWidth(), width)
                .linear(block + "norm_out.linear", width, 2L * width);
    }

    private static void doubleBlock(Architecture parameters, String block, HunyuanConfig config) {
        int width = config.width();
        parameters
                .linear(block + "norm1.linear", width, 6L * width)
                .linear(block + "norm1_context.linear", width, 6L * width);
        projections(parameters, block + "attn.", width, "to_q", "to_k", "to_v", "to_out.0");
        projections(parameters, block + "attn.", width, "add_q_proj", "add_k_proj", "add_v_proj", "to_add_out");
        norms(parameters, block + "attn.", config, "norm_q", "norm_k", "norm_added_q", "norm_added_k");
        parameters
                .linear(block + "ff.net.0.proj", width, config.feedForwardWidth())
                .linear(block + "ff.net.2", config.feedForwardWidth(), width)
                .linear(block + "ff_context.net.0.proj", width, config.feedForwardWidth())
                .linear(block + "ff_context.net.2", config.feedForwardWidth(), width);
    }

    private static void singleBlock(Architecture parameters, String block, HunyuanConfig config) {
        int width = config.width();
        parameters.linear(block + "norm.linear", width, 3L * width);
        projections(parameters, block + "attn.", width, "to_q", "to_k", "to_v");
        norms(parameters, block + "attn.", config, "norm_q", "norm_k");
        parameters
                .linear(block + "proj_mlp", width, config.feedForwardWidth())
                .linear(block + "proj_out", (long) width + config.feedForwardWidth(), width);
    }

    private static void pair(Architecture parameters, String name, int in, int out) {
        parameters.linear(name + ".linear_1", in, out).linear(name + ".linear_2", out, out);
    }

    private static void projections(Architecture parameters, String attention, int width, String... names) {
        for (String name : names) {
            parameters.linear(attention + name, width, width);
        }
    }

    private static void norms(Architecture parameters, String attention, HunyuanConfig config, String... names) {
        if (config.headsNormalized()) {
            for (String name : names) {
                parameters.parameter(attention + name + ".weight", config.headWidth());
            }
        }
    }
}
