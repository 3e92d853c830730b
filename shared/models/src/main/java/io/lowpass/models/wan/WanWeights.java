package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The weights of a Wan transformer, grouped as the kernels take them. Norms, modulation tables and the time embedder
 * stay in f32 whatever the precision, as in the reference.
 *
 * @param patch patch embedding: weight, bias
 * @param time time embedder, two layers, then the projection to six rows
 * @param text text projection, two layers
 * @param blocks one per block
 * @param tables modulation tables of all blocks, shape (depth, 6, width), f32
 * @param headTable modulation of the head, shape (1, 2, width), f32
 * @param out output projection: weight, bias
 */
record WanWeights(
        NDArray[] patch, NDArray[] time, NDArray[] text, List<Block> blocks, NDArray tables, NDArray headTable, NDArray[] out) {

    /**
     * The weights of one block.
     *
     * @param layers in the order of the kernels
     * @param prompt what makes keys and values of a prompt: key weight, bias and norm, value weight and bias
     */
    record Block(NDArray[] layers, NDArray[] prompt) {}

    static WanWeights take(Weights weights, WanConfig config) {
        List<NDArray> tables = IntStream.range(0, config.depth())
                .mapToObj(i -> weights.take("blocks." + i + ".scale_shift_table", Precision.F32))
                .toList();
        WanWeights taken = new WanWeights(
                linear(weights, "patch_embedding"),
                Stream.of(
                                take(weights, Precision.F32, "condition_embedder.time_embedder.linear_1"),
                                take(weights, Precision.F32, "condition_embedder.time_embedder.linear_2"),
                                linear(weights, "condition_embedder.time_proj"))
                        .flatMap(Stream::of)
                        .toArray(NDArray[]::new),
                Stream.of(
                                linear(weights, "condition_embedder.text_embedder.linear_1"),
                                linear(weights, "condition_embedder.text_embedder.linear_2"))
                        .flatMap(Stream::of)
                        .toArray(NDArray[]::new),
                IntStream.range(0, config.depth())
                        .mapToObj(i -> block(weights, "blocks." + i + ".", config))
                        .toList(),
                NDArrays.concat(new NDList(tables)),
                weights.take("scale_shift_table", Precision.F32),
                linear(weights, "proj_out"));
        tables.forEach(NDArray::close);
        weights.requireAllTaken();
        return taken;
    }

    private static Block block(Weights weights, String block, WanConfig config) {
        Stream<NDArray> layers = Stream.of("attn1.to_q", "attn1.to_k", "attn1.to_v", "attn1.to_out.0")
                .flatMap(name -> Stream.of(linear(weights, block + name)));
        layers = Stream.concat(
                layers,
                Stream.of("attn1.norm_q", "attn1.norm_k").map(name -> weights.take(block + name + ".weight")));
        layers = Stream.concat(
                layers,
                Stream.of("attn2.to_q", "attn2.to_out.0").flatMap(name -> Stream.of(linear(weights, block + name))));
        layers = Stream.concat(layers, Stream.of(weights.take(block + "attn2.norm_q.weight")));
        layers = Stream.concat(
                layers, Stream.of("ffn.net.0.proj", "ffn.net.2").flatMap(name -> Stream.of(linear(weights, block + name))));
        if (config.crossAttentionNorm()) {
            layers = Stream.concat(layers, Stream.of(take(weights, Precision.F32, block + "norm2")));
        }
        return new Block(layers.toArray(NDArray[]::new), new NDArray[] {
            weights.take(block + "attn2.to_k.weight"),
            weights.take(block + "attn2.to_k.bias"),
            weights.take(block + "attn2.norm_k.weight"),
            weights.take(block + "attn2.to_v.weight"),
            weights.take(block + "attn2.to_v.bias")
        });
    }

    private static NDArray[] linear(Weights weights, String name) {
        return new NDArray[] {weights.take(name + ".weight"), weights.take(name + ".bias")};
    }

    private static NDArray[] take(Weights weights, Precision precision, String name) {
        return new NDArray[] {weights.take(name + ".weight", precision), weights.take(name + ".bias", precision)};
    }
}
