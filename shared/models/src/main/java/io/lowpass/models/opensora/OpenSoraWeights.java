package io.lowpass.models.opensora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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

    static OpenSoraWeights take(Weights weights, OpenSoraConfig config, NDManager memory, Precision matrices) {
        Reader reader = new Reader(weights, matrices, matrices.arithmeticOn(memory.getDevice()));
        OpenSoraWeights taken = new OpenSoraWeights(
                reader.linears("x_embedder.proj"),
                reader.embedder("t_embedder"),
                reader.embedder("fps_embedder"),
                reader.linears("t_block.1"),
                reader.linears("y_embedder.y_proj.fc1", "y_embedder.y_proj.fc2"),
                IntStream.range(0, config.depth())
                        .mapToObj(i -> reader.block(OpenSoraArchitecture.block(i)))
                        .toList(),
                reader.tables(config),
                weights.take("final_layer.scale_shift_table", Precision.F32),
                reader.linears("final_layer.linear"),
                weights.take("rope.freqs", Precision.F32));
        // The caption of the other branch comes as captions do: from where prompts are encoded.
        weights.takeStored(OpenSoraArchitecture.NO_CAPTION).close();
        weights.requireAllTaken();
        return taken;
    }

    /** Takes groups of parameters. */
    private record Reader(Weights weights, Precision matrices, Precision vectors) {

        Block block(String block) {
            List<NDArray> layers = Stream.of(
                            linear(block + "attn.qkv"),
                            linear(block + "attn.proj"),
                            List.of(vector(block + "attn.q_norm.weight"), vector(block + "attn.k_norm.weight")),
                            linear(block + "cross_attn.q_linear"),
                            linear(block + "cross_attn.proj"),
                            linear(block + "mlp.fc1"),
                            linear(block + "mlp.fc2"))
                    .flatMap(List::stream)
                    .toList();
            return new Block(layers, linear(block + "cross_attn.kv_linear"));
        }

        NDArray tables(OpenSoraConfig config) {
            List<String> names = IntStream.range(0, config.depth())
                    .mapToObj(i -> OpenSoraArchitecture.block(i) + "scale_shift_table")
                    .toList();
            return weights.takeStacked(names, Precision.F32).reshape(config.depth(), 6, config.width());
        }

        List<NDArray> embedder(String name) {
            return Stream.of(".mlp.0.weight", ".mlp.0.bias", ".mlp.2.weight", ".mlp.2.bias")
                    .map(part -> weights.take(name + part, Precision.F32))
                    .toList();
        }

        List<NDArray> linears(String... names) {
            return Stream.of(names).flatMap(name -> linear(name).stream()).toList();
        }

        List<NDArray> linear(String name) {
            return List.of(weights.take(name + ".weight", matrices), vector(name + ".bias"));
        }

        NDArray vector(String name) {
            return weights.take(name, vectors);
        }
    }
}
