package io.lowpass.models.wan;

import static io.lowpass.models.WeightGroups.joined;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.WeightGroups;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.List;

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

    static WanWeights take(Weights weights, WanConfig config) {
        WeightGroups groups = WeightGroups.of(weights);
        String embedder = "condition_embedder.";
        List<String> blocks = WanArchitecture.blocks(config);
        WanWeights taken = new WanWeights(
                groups.linear("patch_embedding"),
                joined(
                        groups.f32(embedder + "time_embedder.linear_1", embedder + "time_embedder.linear_2"),
                        groups.linear(embedder + "time_proj")),
                groups.linears(embedder + "text_embedder.linear_1", embedder + "text_embedder.linear_2"),
                config.image().map(settings -> image(groups, settings)).orElse(List.of()),
                blocks.stream().map(block -> block(groups, block, config)).toList(),
                weights.takeStacked(
                        blocks.stream()
                                .map(block -> block + "scale_shift_table")
                                .toList(),
                        Precision.F32),
                weights.take("scale_shift_table", Precision.F32),
                groups.linear("proj_out"));
        weights.requireAllTaken();
        return taken;
    }

    private static Block block(WeightGroups groups, String block, WanConfig config) {
        String attention = block + "attn1.";
        String cross = block + "attn2.";
        List<NDArray> layers = joined(
                groups.linear(attention + "to_out.0"),
                List.of(groups.vector(attention + "norm_q.weight"), groups.vector(attention + "norm_k.weight")),
                groups.linears(cross + "to_q", cross + "to_out.0"),
                List.of(groups.vector(cross + "norm_q.weight")),
                groups.linears(block + "ffn.net.0.proj", block + "ffn.net.2"),
                config.crossAttentionNorm() ? groups.f32(block + "norm2") : List.of(groups.none(), groups.none()),
                groups.queriesKeysValues(attention, true));
        return new Block(
                layers,
                keysValues(groups, cross + "to_k", cross + "norm_k", cross + "to_v"),
                config.image().isPresent()
                        ? keysValues(groups, cross + "add_k_proj", cross + "norm_added_k", cross + "add_v_proj")
                        : List.of());
    }

    private static List<NDArray> keysValues(WeightGroups groups, String keys, String norm, String values) {
        return joined(groups.linear(keys), List.of(groups.vector(norm + ".weight")), groups.linear(values));
    }

    private static List<NDArray> image(WeightGroups groups, WanConfig.Image image) {
        String embedder = "condition_embedder.image_embedder.";
        return joined(
                groups.f32(embedder + "norm1"),
                groups.linears(embedder + "ff.net.0.proj", embedder + "ff.net.2"),
                groups.f32(embedder + "norm2"),
                image.rows().isPresent() ? List.of(groups.vector(embedder + "pos_embed")) : List.of());
    }
}
