package io.lowpass.models.hunyuan;

import static io.lowpass.models.WeightGroups.joined;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.models.WeightGroups;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The weights of a HunyuanVideo transformer, grouped as the kernels take them. Matrices are in the precision of the
 * model, vectors in that of its arithmetic; what embeds time, guidance and pooled states is small and stays in f32.
 *
 * @param patch patch embedding: weight, bias
 * @param time two layers that embed the timestep
 * @param guidance two layers that embed the guidance scale; none if the model is not told of it
 * @param pooled two layers that embed the pooled state of the prompt
 * @param textTime two layers that embed the timestep for the refiner
 * @param textSummary two layers that embed the mean of the prompt's states for the refiner
 * @param words projection of the prompt's states: weight, bias
 * @param refiners one per refiner block
 * @param blocks one per block
 * @param out modulation and projection of the head
 */
record HunyuanWeights(
        List<NDArray> patch,
        List<NDArray> time,
        List<NDArray> guidance,
        List<NDArray> pooled,
        List<NDArray> textTime,
        List<NDArray> textSummary,
        List<NDArray> words,
        List<List<NDArray>> refiners,
        List<Block> blocks,
        List<NDArray> out) {

    /**
     * The weights of one block, per stream: modulation, queries, keys, values, attention output (each weight and bias),
     * norms of queries and keys, then both feed-forward layers.
     *
     * @param single whether attention and feed-forward layer work side by side on the same input
     */
    record Block(List<NDArray> video, List<NDArray> text, boolean single) {}

    static HunyuanWeights take(Weights weights, HunyuanConfig config) {
        WeightGroups groups = WeightGroups.of(weights);
        String context = "context_embedder.";
        HunyuanWeights taken = new HunyuanWeights(
                groups.linear("x_embedder.proj"),
                pair(groups, "time_text_embed.timestep_embedder"),
                config.guidanceEmbedded() ? pair(groups, "time_text_embed.guidance_embedder") : List.of(),
                pair(groups, "time_text_embed.text_embedder"),
                pair(groups, context + "time_text_embed.timestep_embedder"),
                pair(groups, context + "time_text_embed.text_embedder"),
                groups.linear(context + "proj_in"),
                IntStream.range(0, config.refiners())
                        .mapToObj(i -> refiner(groups, context + "token_refiner.refiner_blocks." + i + "."))
                        .toList(),
                Stream.concat(
                                HunyuanArchitecture.doubleBlocks(config).stream()
                                        .map(block -> doubleBlock(groups, config, block)),
                                HunyuanArchitecture.singleBlocks(config).stream()
                                        .map(block -> singleBlock(groups, config, block)))
                        .toList(),
                groups.linears("norm_out.linear", "proj_out"));
        weights.requireAllTaken();
        return taken;
    }

    private static List<NDArray> refiner(WeightGroups groups, String block) {
        return joined(
                groups.f32(block + "norm1"),
                groups.linears(block + "attn.to_q", block + "attn.to_k", block + "attn.to_v", block + "attn.to_out.0"),
                groups.f32(block + "norm2"),
                groups.linears(block + "ff.net.0.proj", block + "ff.net.2", block + "norm_out.linear"));
    }

    private static Block doubleBlock(WeightGroups groups, HunyuanConfig config, String block) {
        String attention = block + "attn.";
        List<NDArray> video = joined(
                groups.linears(
                        block + "norm1.linear",
                        attention + "to_q",
                        attention + "to_k",
                        attention + "to_v",
                        attention + "to_out.0"),
                norms(groups, config, attention + "norm_q", attention + "norm_k"),
                groups.linears(block + "ff.net.0.proj", block + "ff.net.2"));
        List<NDArray> text = joined(
                groups.linears(
                        block + "norm1_context.linear",
                        attention + "add_q_proj",
                        attention + "add_k_proj",
                        attention + "add_v_proj",
                        attention + "to_add_out"),
                norms(groups, config, attention + "norm_added_q", attention + "norm_added_k"),
                groups.linears(block + "ff_context.net.0.proj", block + "ff_context.net.2"));
        return new Block(video, text, false);
    }

    /** The joint output projection is one matrix; its two parts are views of it. */
    private static Block singleBlock(WeightGroups groups, HunyuanConfig config, String block) {
        Weights weights = groups.weights();
        String attention = block + "attn.";
        int width = config.width();
        try (NDArray joint = weights.take(block + "proj_out.weight", groups.matrices())) {
            List<NDArray> shared = joined(
                    groups.linears(block + "norm.linear", attention + "to_q", attention + "to_k", attention + "to_v"),
                    List.of(columns(weights, joint, 0, width), groups.vector(block + "proj_out.bias")),
                    norms(groups, config, attention + "norm_q", attention + "norm_k"),
                    groups.linear(block + "proj_mlp"),
                    // The bias of the joint projection is added once, with the attention.
                    List.of(
                            columns(weights, joint, width, width + config.feedForwardWidth()),
                            weights.constant(0, width, groups.vectors())));
            return new Block(shared, shared, true);
        }
    }

    private static List<NDArray> pair(WeightGroups groups, String name) {
        return groups.f32(name + ".linear_1", name + ".linear_2");
    }

    private static List<NDArray> norms(WeightGroups groups, HunyuanConfig config, String... names) {
        return Stream.of(names)
                .map(name -> config.headsNormalized()
                        ? groups.weights().take(name + ".weight", Precision.F32)
                        : groups.none())
                .toList();
    }

    private static NDArray columns(Weights weights, NDArray matrix, int from, int to) {
        NDManager memory = weights.owner();
        return Arrays.keep(HunyuanTransformer.KERNELS.call(memory, "columns", matrix, from, to), memory);
    }
}
