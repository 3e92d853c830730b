package io.lowpass.models.opensora;

import static io.lowpass.models.WeightGroups.joined;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.WeightGroups;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.List;

/**
 * The weights of an Open-Sora transformer, grouped as the kernels take them. Matrices are in the precision of the
 * model, all else in that of its arithmetic; embedders of scalars, norms of tokens and modulation tables stay in f32
 * whatever the precision.
 *
 * @param patch patch embedding: weight, bias
 * @param time embedder of the timestep, two layers
 * @param rate embedder of the frame rate, two layers
 * @param modulation projection of both to the modulations of all blocks
 * @param caption projection of captions, two layers
 * @param blocks one per block, in the order in which they run
 * @param tables modulation tables of all blocks, shape (depth, 6, width), f32
 * @param headTable modulation of the head, shape (2, width), f32
 * @param out output projection: weight, bias
 * @param frequencies angle per frame of each pair of a head's channels, f32
 */
record OpenSoraWeights(
        List<NDArray> patch,
        List<NDArray> time,
        List<NDArray> rate,
        List<NDArray> modulation,
        List<NDArray> caption,
        List<Block> blocks,
        NDArray tables,
        NDArray headTable,
        List<NDArray> out,
        NDArray frequencies) {

    /**
     * The weights of one block.
     *
     * @param layers in the order of the kernels
     * @param prompt what makes keys and values of a caption: weight, bias
     */
    record Block(List<NDArray> layers, List<NDArray> prompt) {}

    static OpenSoraWeights take(Weights weights, OpenSoraConfig config) {
        WeightGroups groups = WeightGroups.of(weights);
        List<String> blocks = OpenSoraArchitecture.blocks(config);
        OpenSoraWeights taken = new OpenSoraWeights(
                groups.linear("x_embedder.proj"),
                groups.f32("t_embedder.mlp.0", "t_embedder.mlp.2"),
                groups.f32("fps_embedder.mlp.0", "fps_embedder.mlp.2"),
                groups.linear("t_block.1"),
                groups.linears("y_embedder.y_proj.fc1", "y_embedder.y_proj.fc2"),
                blocks.stream().map(block -> block(groups, block)).toList(),
                weights.takeStacked(
                                blocks.stream()
                                        .map(block -> block + "scale_shift_table")
                                        .toList(),
                                Precision.F32)
                        .reshape(config.depth(), 6, config.width()),
                weights.take("final_layer.scale_shift_table", Precision.F32),
                groups.linear("final_layer.linear"),
                weights.take("rope.freqs", Precision.F32));
        // The caption of the other branch comes as captions do: from where prompts are encoded.
        weights.takeStored(OpenSoraArchitecture.NO_CAPTION).close();
        weights.requireAllTaken();
        return taken;
    }

    private static Block block(WeightGroups groups, String block) {
        List<NDArray> layers = joined(
                groups.linears(block + "attn.qkv", block + "attn.proj"),
                List.of(groups.vector(block + "attn.q_norm.weight"), groups.vector(block + "attn.k_norm.weight")),
                groups.linears(
                        block + "cross_attn.q_linear",
                        block + "cross_attn.proj",
                        block + "mlp.fc1",
                        block + "mlp.fc2"));
        return new Block(layers, groups.linear(block + "cross_attn.kv_linear"));
    }
}
