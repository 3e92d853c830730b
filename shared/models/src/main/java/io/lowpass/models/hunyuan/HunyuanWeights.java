package io.lowpass.models.hunyuan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.ArrayList;
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

    static HunyuanWeights take(
            Weights weights, HunyuanConfig config, NDManager memory, Kernels kernels, Precision matrices) {
        Reader reader =
                new Reader(weights, config, memory, kernels, matrices, matrices.arithmeticOn(memory.getDevice()));
        String context = "context_embedder.";
        HunyuanWeights taken = new HunyuanWeights(
                reader.linears("x_embedder.proj"),
                reader.pair("time_text_embed.timestep_embedder"),
                config.guidanceEmbedded() ? reader.pair("time_text_embed.guidance_embedder") : List.of(),
                reader.pair("time_text_embed.text_embedder"),
                reader.pair(context + "time_text_embed.timestep_embedder"),
                reader.pair(context + "time_text_embed.text_embedder"),
                reader.linears(context + "proj_in"),
                IntStream.range(0, config.refiners())
                        .mapToObj(i -> reader.refiner(context + "token_refiner.refiner_blocks." + i + "."))
                        .toList(),
                Stream.concat(
                                IntStream.range(0, config.doubles())
                                        .mapToObj(i -> reader.doubleBlock("transformer_blocks." + i + ".")),
                                IntStream.range(0, config.singles())
                                        .mapToObj(i -> reader.singleBlock("single_transformer_blocks." + i + ".")))
                        .toList(),
                reader.linears("norm_out.linear", "proj_out"));
        weights.requireAllTaken();
        return taken;
    }

    /** Takes groups of parameters. */
    private record Reader(
            Weights weights,
            HunyuanConfig config,
            NDManager memory,
            Kernels kernels,
            Precision matrices,
            Precision vectors) {

        List<NDArray> refiner(String block) {
            List<NDArray> layers = new ArrayList<>(f32(block + "norm1"));
            layers.addAll(
                    linears(block + "attn.to_q", block + "attn.to_k", block + "attn.to_v", block + "attn.to_out.0"));
            layers.addAll(f32(block + "norm2"));
            layers.addAll(linears(block + "ff.net.0.proj", block + "ff.net.2", block + "norm_out.linear"));
            return List.copyOf(layers);
        }

        Block doubleBlock(String block) {
            String attention = block + "attn.";
            return new Block(
                    stream(
                            linears(
                                    block + "norm1.linear",
                                    attention + "to_q",
                                    attention + "to_k",
                                    attention + "to_v",
                                    attention + "to_out.0"),
                            norms(attention + "norm_q", attention + "norm_k"),
                            linears(block + "ff.net.0.proj", block + "ff.net.2")),
                    stream(
                            linears(
                                    block + "norm1_context.linear",
                                    attention + "add_q_proj",
                                    attention + "add_k_proj",
                                    attention + "add_v_proj",
                                    attention + "to_add_out"),
                            norms(attention + "norm_added_q", attention + "norm_added_k"),
                            linears(block + "ff_context.net.0.proj", block + "ff_context.net.2")),
                    false);
        }

        /** The joint output projection is one matrix; its two parts are views of it. */
        Block singleBlock(String block) {
            String attention = block + "attn.";
            int width = config.width();
            NDArray joint = weights.take(block + "proj_out.weight", matrices);
            List<NDArray> layers = new ArrayList<>(
                    linears(block + "norm.linear", attention + "to_q", attention + "to_k", attention + "to_v"));
            layers.add(columns(joint, 0, width));
            layers.add(vector(block + "proj_out.bias"));
            List<NDArray> forward = new ArrayList<>(linears(block + "proj_mlp"));
            forward.add(columns(joint, width, width + config.feedForwardWidth()));
            // The bias of the joint projection is added once, with the attention.
            forward.add(Arrays.keep(kernels.call(memory, "zeros_like", layers.get(layers.size() - 1)), memory));
            joint.close();
            List<NDArray> shared = stream(layers, norms(attention + "norm_q", attention + "norm_k"), forward);
            return new Block(shared, shared, true);
        }

        List<NDArray> pair(String name) {
            return Stream.of(name + ".linear_1", name + ".linear_2")
                    .flatMap(layer -> f32(layer).stream())
                    .toList();
        }

        List<NDArray> linears(String... names) {
            return Stream.of(names)
                    .flatMap(name -> Stream.of(weights.take(name + ".weight", matrices), vector(name + ".bias")))
                    .toList();
        }

        private List<NDArray> norms(String... names) {
            return Stream.of(names)
                    .map(name -> config.headsNormalized()
                            ? weights.take(name + ".weight", Precision.F32)
                            : memory.create(new Shape(0)))
                    .toList();
        }

        private List<NDArray> f32(String name) {
            return List.of(weights.take(name + ".weight", Precision.F32), weights.take(name + ".bias", Precision.F32));
        }

        private NDArray vector(String name) {
            return weights.take(name, vectors);
        }

        private NDArray columns(NDArray matrix, int from, int to) {
            return Arrays.keep(kernels.call(memory, "columns", matrix, from, to), memory);
        }

        private static List<NDArray> stream(List<NDArray> attention, List<NDArray> norms, List<NDArray> forward) {
            return Stream.of(attention, norms, forward).flatMap(List::stream).toList();
        }
    }
}
