package io.lowpass.models.hunyuan;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.Parameters;
import io.lowpass.tensor.Arrays;
import java.util.List;

/**
 * The parameters of a HunyuanVideo transformer, under the names of diffusers, in the groups that the kernels take. What
 * embeds time, guidance and pooled states is small and stays in f32 whatever the precision.
 *
 * @param patch patch embedding
 * @param time what embeds the timestep
 * @param guidance what embeds the guidance scale; empty if the model does not take it
 * @param pooled what embeds the pooled state of the prompt
 * @param textTime what embeds the timestep for the refiner
 * @param textSummary what embeds the mean of the prompt's states for the refiner
 * @param words projection of the prompt's states
 * @param refiners one per refiner block
 * @param blocks one per block
 * @param out modulation and projection of the head
 */
record HunyuanLayout(
        List<NDArray> patch,
        List<NDArray> time,
        List<NDArray> guidance,
        List<NDArray> pooled,
        List<NDArray> textTime,
        List<NDArray> textSummary,
        List<NDArray> words,
        List<Refiner> refiners,
        List<Block> blocks,
        List<NDArray> out) {

    /** Sines and cosines of a timestep or a guidance scale. */
    static final int WAVES = 256;

    /**
     * The parameters of a refiner block.
     *
     * @param attention norm, queries, keys, values, output
     * @param rest norm and layers of the feed-forward layer, then the projection of the time to both gates
     */
    record Refiner(List<NDArray> attention, List<NDArray> rest) {}

    /**
     * The parameters of a block.
     *
     * @param single whether attention and feed-forward layer work side by side on the same input
     */
    record Block(Flow video, Flow text, boolean single) {}

    /**
     * What a block has for the video or for the text.
     *
     * @param modulation projection of the conditioning
     * @param attention norms of queries and keys, queries, keys, values, output
     * @param feedForward its two layers
     */
    record Flow(List<NDArray> modulation, List<NDArray> attention, List<NDArray> feedForward) {}

    static HunyuanLayout of(Parameters parameters, HunyuanConfig config) {
        long width = config.width();
        Parameters context = parameters.at("context_embedder.");
        Parameters embedder = parameters.at("time_text_embed.");
        return new HunyuanLayout(
                parameters
                        .at("x_embedder.proj.")
                        .patches(config.inChannels(), width, config.patch())
                        .arrays(),
                embedding(embedder.at("timestep_embedder."), WAVES, width),
                config.guidanceEmbedded() ? embedding(embedder.at("guidance_embedder."), WAVES, width) : List.of(),
                embedding(embedder.at("text_embedder."), config.pooledWidth(), width),
                embedding(context.at("time_text_embed.timestep_embedder."), WAVES, width),
                embedding(context.at("time_text_embed.text_embedder."), config.textWidth(), width),
                context.group().linear("proj_in", config.textWidth(), width).arrays(),
                Parameters.numbered("token_refiner.refiner_blocks.", config.refiners()).stream()
                        .map(block -> refiner(context.at(block), config))
                        .toList(),
                config.blockNames().stream()
                        .map(block -> block.startsWith("single")
                                ? singleBlock(parameters.at(block), config)
                                : doubleBlock(parameters.at(block), config))
                        .toList(),
                parameters
                        .group()
                        .linear("norm_out.linear", width, 2 * width)
                        .linear("proj_out", width, (long) config.outChannels() * config.patchCells())
                        .arrays());
    }

    private static List<NDArray> embedding(Parameters embedder, long in, long width) {
        return embedder.embedder("linear_1", "linear_2", in, width).arrays();
    }

    private static Refiner refiner(Parameters block, HunyuanConfig config) {
        long width = config.width();
        return new Refiner(
                block.group()
                        .norm("norm1", width)
                        .projections(width, "attn.to_q", "attn.to_k", "attn.to_v", "attn.to_out.0")
                        .arrays(),
                block.group()
                        .norm("norm2", width)
                        .linear("ff.net.0.proj", width, config.refinerWidth())
                        .linear("ff.net.2", config.refinerWidth(), width)
                        .linear("norm_out.linear", width, 2 * width)
                        .arrays());
    }

    private static Block doubleBlock(Parameters block, HunyuanConfig config) {
        long width = config.width();
        Parameters attention = block.at("attn.");
        return new Block(
                new Flow(
                        block.group().linear("norm1.linear", width, 6 * width).arrays(),
                        norms(attention, config, "norm_q", "norm_k")
                                .projections(width, "to_q", "to_k", "to_v", "to_out.0")
                                .arrays(),
                        feedForward(block.at("ff."), config)),
                new Flow(
                        block.group()
                                .linear("norm1_context.linear", width, 6 * width)
                                .arrays(),
                        norms(attention, config, "norm_added_q", "norm_added_k")
                                .projections(width, "add_q_proj", "add_k_proj", "add_v_proj", "to_add_out")
                                .arrays(),
                        feedForward(block.at("ff_context."), config)),
                false);
    }

    /** The joint output projection is one matrix; its two parts are views of it. */
    private static Block singleBlock(Parameters block, HunyuanConfig config) {
        int width = config.width();
        int inner = config.feedForwardWidth();
        List<NDArray> joint = block.group()
                .matrix("proj_out.weight", width, width + (long) inner)
                .arrays();
        Flow shared = new Flow(
                block.group().linear("norm.linear", width, 3L * width).arrays(),
                norms(block.at("attn."), config, "norm_q", "norm_k")
                        .projections(width, "to_q", "to_k", "to_v")
                        .also(columns(joint, 0, width))
                        .also(block.group().vector("proj_out.bias", width).arrays())
                        .arrays(),
                // The bias of the joint projection is added once, with the attention.
                block.group()
                        .linear("proj_mlp", width, inner)
                        .also(columns(joint, width, width + inner))
                        .zeros(width)
                        .arrays());
        joint.forEach(NDArray::close);
        return new Block(shared, shared, true);
    }

    private static Parameters norms(Parameters attention, HunyuanConfig config, String queries, String keys) {
        return attention
                .group()
                .optionalF32(queries + ".weight", config.headWidth(), config.headsNormalized())
                .optionalF32(keys + ".weight", config.headWidth(), config.headsNormalized());
    }

    private static List<NDArray> feedForward(Parameters layers, HunyuanConfig config) {
        return layers.linear("net.0.proj", config.width(), config.feedForwardWidth())
                .linear("net.2", config.feedForwardWidth(), config.width())
                .arrays();
    }

    private static List<NDArray> columns(List<NDArray> joint, int from, int to) {
        return joint.stream()
                .map(matrix -> Arrays.keep(
                        HunyuanTransformer.KERNELS.call(matrix.getManager(), "columns", matrix, from, to),
                        matrix.getManager()))
                .toList();
    }
}
