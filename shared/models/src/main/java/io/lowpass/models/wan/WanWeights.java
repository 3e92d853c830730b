package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The weights of a Wan transformer, grouped as the kernels take them. Matrices are in the precision of the model, all
 * else in that of its arithmetic; norms of tokens, modulation tables and the time embedder stay in f32 whatever the
 * precision, as in the reference.
 *
 * @param patch patch embedding: weight, bias
 * @param time time embedder, two layers, then the projection to six rows
 * @param text text projection, two layers
 * @param image embedding of an image's states: norm, two layers, norm, then the positions if there are any; empty for
 *     text-to-video
 * @param blocks one per block
 * @param tables modulation tables of all blocks, shape (depth, 6, width), f32
 * @param headTable modulation of the head, shape (1, 2, width), f32
 * @param out output projection: weight, bias
 */
record WanWeights(
        List<NDArray> patch,
        List<NDArray> time,
        List<NDArray> text,
        List<NDArray> image,
        List<Block> blocks,
        NDArray tables,
        NDArray headTable,
        List<NDArray> out) {

    /**
     * The weights of one block.
     *
     * @param layers in the order of the kernels
     * @param prompt what makes keys and values of a prompt: key weight, bias and norm, value weight and bias
     * @param image the same of an image; empty for text-to-video
     */
    record Block(List<NDArray> layers, List<NDArray> prompt, List<NDArray> image) {}

    static WanWeights take(Weights weights, WanConfig config, NDManager memory, Precision matrices) {
        Reader reader = new Reader(weights, memory, matrices, matrices.arithmeticOn(memory.getDevice()));
        WanWeights taken = new WanWeights(
                reader.linears("patch_embedding"),
                Stream.of(
                                reader.f32("condition_embedder.time_embedder.linear_1"),
                                reader.f32("condition_embedder.time_embedder.linear_2"),
                                reader.linears("condition_embedder.time_proj"))
                        .flatMap(List::stream)
                        .toList(),
                reader.linears(
                        "condition_embedder.text_embedder.linear_1", "condition_embedder.text_embedder.linear_2"),
                config.image().map(reader::image).orElse(List.of()),
                IntStream.range(0, config.depth())
                        .mapToObj(i -> reader.block("blocks." + i + ".", config))
                        .toList(),
                weights.takeStacked(
                        IntStream.range(0, config.depth())
                                .mapToObj(i -> "blocks." + i + ".scale_shift_table")
                                .toList(),
                        Precision.F32),
                weights.take("scale_shift_table", Precision.F32),
                reader.linears("proj_out"));
        weights.requireAllTaken();
        return taken;
    }

    /** Takes groups of parameters. */
    private record Reader(Weights weights, NDManager memory, Precision matrices, Precision vectors) {

        Block block(String block, WanConfig config) {
            List<NDArray> layers = new ArrayList<>(linear(block + "attn1.to_out.0"));
            layers.add(vector(block + "attn1.norm_q.weight"));
            layers.add(vector(block + "attn1.norm_k.weight"));
            layers.addAll(linear(block + "attn2.to_q"));
            layers.addAll(linear(block + "attn2.to_out.0"));
            layers.add(vector(block + "attn2.norm_q.weight"));
            layers.addAll(linear(block + "ffn.net.0.proj"));
            layers.addAll(linear(block + "ffn.net.2"));
            layers.addAll(config.crossAttentionNorm() ? f32(block + "norm2") : List.of(none(), none()));
            layers.addAll(queriesKeysValues(block + "attn1."));
            List<NDArray> image = config.image().isPresent()
                    ? keysValues(block + "attn2.add_k_proj", block + "attn2.norm_added_k", block + "attn2.add_v_proj")
                    : List.of();
            return new Block(
                    List.copyOf(layers),
                    keysValues(block + "attn2.to_k", block + "attn2.norm_k", block + "attn2.to_v"),
                    image);
        }

        List<NDArray> keysValues(String keys, String norm, String values) {
            List<NDArray> parts = new ArrayList<>(linear(keys));
            parts.add(vector(norm + ".weight"));
            parts.addAll(linear(values));
            return List.copyOf(parts);
        }

        List<NDArray> image(WanConfig.Image image) {
            String embedder = "condition_embedder.image_embedder.";
            List<NDArray> parts = new ArrayList<>(f32(embedder + "norm1"));
            parts.addAll(linears(embedder + "ff.net.0.proj", embedder + "ff.net.2"));
            parts.addAll(f32(embedder + "norm2"));
            if (image.rows().isPresent()) {
                parts.add(vector(embedder + "pos_embed"));
            }
            return List.copyOf(parts);
        }

        /** One matrix instead of three is faster, but mapped weights are not copied for that. */
        List<NDArray> queriesKeysValues(String attention) {
            List<String> names = List.of(attention + "to_q", attention + "to_k", attention + "to_v");
            if (weights.isMapped(names.get(0) + ".weight", matrices)) {
                return names.stream().flatMap(name -> linear(name).stream()).toList();
            }
            return List.of(
                    weights.takeStacked(
                            names.stream().map(name -> name + ".weight").toList(), matrices),
                    weights.takeStacked(
                            names.stream().map(name -> name + ".bias").toList(), vectors));
        }

        List<NDArray> linears(String... names) {
            return Stream.of(names).flatMap(name -> linear(name).stream()).toList();
        }

        List<NDArray> linear(String name) {
            return List.of(weights.take(name + ".weight", matrices), vector(name + ".bias"));
        }

        List<NDArray> f32(String name) {
            return List.of(weights.take(name + ".weight", Precision.F32), weights.take(name + ".bias", Precision.F32));
        }

        NDArray vector(String name) {
            return weights.take(name, vectors);
        }

        NDArray none() {
            return memory.create(new Shape(0));
        }
    }
}
