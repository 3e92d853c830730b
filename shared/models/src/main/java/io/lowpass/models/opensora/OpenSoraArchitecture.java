package io.lowpass.models.opensora;

import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.IntStream;

/** The parameters of an Open-Sora 1.2 transformer, under the names of the official code. */
public final class OpenSoraArchitecture {

    /** The caption of the unconditioned branch, as if a text encoder had made it. */
    static final String NO_CAPTION = "y_embedder.y_embedding";

    private OpenSoraArchitecture() {}

    /** Every parameter that a configuration asks for. */
    public static Architecture of(OpenSoraConfig config) {
        int width = config.width();
        int waves = 2 * OpenSoraConfig.FREQUENCIES;
        Architecture parameters = new Architecture("transformer")
                .parameter(
                        "x_embedder.proj.weight",
                        width,
                        config.inChannels(),
                        config.patch().get(0),
                        config.patch().get(1),
                        config.patch().get(2))
                .parameter("x_embedder.proj.bias", width)
                .linear("t_embedder.mlp.0", waves, width)
                .linear("t_embedder.mlp.2", width, width)
                .linear("fps_embedder.mlp.0", waves, width)
                .linear("fps_embedder.mlp.2", width, width)
                .linear("t_block.1", width, 6L * width)
                .linear("y_embedder.y_proj.fc1", config.captionWidth(), width)
                .linear("y_embedder.y_proj.fc2", width, width)
                .parameter(NO_CAPTION, config.captionRows(), config.captionWidth())
                .parameter("rope.freqs", config.headWidth() / 2)
                .parameter("final_layer.scale_shift_table", 2, width)
                .linear("final_layer.linear", width, (long) config.outChannels() * config.patchCells());
        blocks(config).forEach(block -> block(parameters, block, config));
        return parameters;
    }

    /** What the names of each block's parameters start with, in the order in which blocks run: spatial, then temporal. */
    static List<String> blocks(OpenSoraConfig config) {
        return IntStream.range(0, config.depth())
                .mapToObj(i -> (i % 2 == 0 ? "spatial_blocks." : "temporal_blocks.") + i / 2 + ".")
                .toList();
    }

    private static void block(Architecture parameters, String block, OpenSoraConfig config) {
        int width = config.width();
        parameters
                .parameter(block + "scale_shift_table", 6, width)
                .linear(block + "attn.qkv", width, 3L * width)
                .linear(block + "attn.proj", width, width)
                .parameter(block + "attn.q_norm.weight", config.headWidth())
                .parameter(block + "attn.k_norm.weight", config.headWidth())
                .linear(block + "cross_attn.q_linear", width, width)
                .linear(block + "cross_attn.kv_linear", width, 2L * width)
                .linear(block + "cross_attn.proj", width, width)
                .linear(block + "mlp.fc1", width, config.feedForwardWidth())
                .linear(block + "mlp.fc2", config.feedForwardWidth(), width);
    }
}
