package io.lowpass.models.opensora;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.Parameters;
import java.util.List;

/**
 * The parameters of an Open-Sora transformer, under the names of its authors, in the groups that the kernels take.
 * Embedders of numbers, norms of tokens and modulation tables stay in f32 whatever the precision.
 *
 * @param patch patch embedding
 * @param time embedder of the timestep
 * @param rate embedder of the frame rate
 * @param modulation projection of both to the modulations of all blocks
 * @param caption projection of captions
 * @param blocks one per block, in the order in which they run
 * @param tables modulation tables of all blocks, shape (6 depth, width), then that of the head, shape (2, width)
 * @param out output projection
 * @param frequencies angle per frame of each pair of a head's channels
 */
record OpenSoraLayout(
        List<NDArray> patch,
        List<NDArray> time,
        List<NDArray> rate,
        List<NDArray> modulation,
        List<NDArray> caption,
        List<Block> blocks,
        List<NDArray> tables,
        List<NDArray> out,
        List<NDArray> frequencies) {

    /** The caption of the unconditioned branch, as if a text encoder had made it. */
    static final String NO_CAPTION = "y_embedder.y_embedding";

    /**
     * The parameters of one block.
     *
     * @param attention within frames or across them
     * @param crossAttention queries and output; what makes keys and values is in {@code prompt}
     * @param feedForward its two layers
     * @param prompt what makes keys and values of a caption
     */
    record Block(
            List<NDArray> attention, List<NDArray> crossAttention, List<NDArray> feedForward, List<NDArray> prompt) {}

    static OpenSoraLayout of(Parameters parameters, OpenSoraConfig config) {
        long width = config.width();
        long waves = 2L * OpenSoraConfig.FREQUENCIES;
        // The caption of the other branch comes as captions do: from where prompts are encoded.
        parameters.elsewhere(NO_CAPTION, config.captionRows(), config.captionWidth());
        return new OpenSoraLayout(
                parameters
                        .at("x_embedder.proj.")
                        .patches(config.inChannels(), width, config.patch())
                        .arrays(),
                parameters
                        .at("t_embedder.")
                        .embedder("mlp.0", "mlp.2", waves, width)
                        .arrays(),
                parameters
                        .at("fps_embedder.")
                        .embedder("mlp.0", "mlp.2", waves, width)
                        .arrays(),
                parameters.group().linear("t_block.1", width, 6 * width).arrays(),
                parameters
                        .at("y_embedder.y_proj.")
                        .linear("fc1", config.captionWidth(), width)
                        .linear("fc2", width, width)
                        .arrays(),
                config.blockNames().stream()
                        .map(block -> block(parameters.at(block), config))
                        .toList(),
                parameters
                        .group()
                        .stacked(config.blockNames(), "scale_shift_table", 6, width)
                        .f32("final_layer.scale_shift_table", 2, width)
                        .arrays(),
                parameters
                        .at("final_layer.")
                        .linear("linear", width, (long) config.outChannels() * config.patchCells())
                        .arrays(),
                parameters.group().f32("rope.freqs", config.headWidth() / 2).arrays());
    }

    private static Block block(Parameters block, OpenSoraConfig config) {
        long width = config.width();
        return new Block(
                block.at("attn.")
                        .linear("qkv", width, 3 * width)
                        .vector("q_norm.weight", config.headWidth())
                        .vector("k_norm.weight", config.headWidth())
                        .linear("proj", width, width)
                        .arrays(),
                block.at("cross_attn.")
                        .linear("q_linear", width, width)
                        .linear("proj", width, width)
                        .arrays(),
                block.at("mlp.")
                        .linear("fc1", width, config.feedForwardWidth())
                        .linear("fc2", config.feedForwardWidth(), width)
                        .arrays(),
                block.at("cross_attn.").linear("kv_linear", width, 2 * width).arrays());
    }
}
