package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.Parameters;
import java.util.List;

/**
 * The parameters of a Wan transformer, under the names of diffusers, in the groups that the kernels take. Norms of
 * tokens, modulation tables and the time embedder stay in f32 whatever the precision, as in the reference.
 *
 * @param patch patch embedding
 * @param time time embedder, then the projection to six rows
 * @param text text projection
 * @param image embedding of an image's states, with its positions last if there are any; empty for text-to-video
 * @param blocks one per block
 * @param tables modulation tables of all blocks, shape (depth, 6, width), then that of the head
 * @param out output projection
 */
record WanLayout(
        List<NDArray> patch,
        List<NDArray> time,
        List<NDArray> text,
        List<NDArray> image,
        List<Block> blocks,
        List<NDArray> tables,
        List<NDArray> out) {

    /**
     * The parameters of one block.
     *
     * @param selfAttention projections of queries, keys and values, or one for all; then norms and output
     * @param crossAttention of queries; what makes keys and values is in {@code prompt}
     * @param norm before cross-attention; empty if there is none
     * @param feedForward its two layers
     * @param prompt what makes keys and values of a prompt
     * @param image the same of an image; empty for text-to-video
     */
    record Block(
            List<NDArray> selfAttention,
            List<NDArray> crossAttention,
            List<NDArray> norm,
            List<NDArray> feedForward,
            List<NDArray> prompt,
            List<NDArray> image) {}

    static WanLayout of(Parameters parameters, WanConfig config) {
        long width = config.width();
        Parameters embedder = parameters.at("condition_embedder.");
        return new WanLayout(
                parameters
                        .at("patch_embedding.")
                        .patches(config.inChannels(), width, config.patch())
                        .arrays(),
                embedder.group()
                        .embedder("time_embedder.linear_1", "time_embedder.linear_2", config.timeWidth(), width)
                        .linear("time_proj", width, 6 * width)
                        .arrays(),
                embedder.at("text_embedder.")
                        .linear("linear_1", config.textWidth(), width)
                        .linear("linear_2", width, width)
                        .arrays(),
                config.image()
                        .map(image -> image(embedder.at("image_embedder."), image, width))
                        .orElse(List.of()),
                config.blockNames().stream()
                        .map(block -> block(parameters.at(block), config))
                        .toList(),
                parameters
                        .group()
                        .stacked(config.blockNames(), "scale_shift_table", 1, 6, width)
                        .f32("scale_shift_table", 1, 2, width)
                        .arrays(),
                parameters
                        .group()
                        .linear("proj_out", width, (long) config.outChannels() * config.patchCells())
                        .arrays());
    }

    private static List<NDArray> image(Parameters embedder, WanConfig.Image image, long width) {
        embedder.norm("norm1", image.width())
                .linear("ff.net.0.proj", image.width(), image.width())
                .linear("ff.net.2", image.width(), width)
                .norm("norm2", width);
        image.rows().ifPresent(rows -> embedder.vector("pos_embed", 1, rows, image.width()));
        return embedder.arrays();
    }

    private static Block block(Parameters block, WanConfig config) {
        long width = config.width();
        Parameters cross = block.at("attn2.");
        return new Block(
                // Published checkpoints hold norm_added_q; the reference has no such layer and passes over it.
                block.at("attn1.")
                        .vector("norm_q.weight", width)
                        .vector("norm_k.weight", width)
                        .linear("to_out.0", width, width)
                        .queriesKeysValues(width, true)
                        .ignored("norm_added_q.weight")
                        .arrays(),
                cross.group()
                        .linear("to_q", width, width)
                        .vector("norm_q.weight", width)
                        .linear("to_out.0", width, width)
                        .ignored("norm_added_q.weight")
                        .arrays(),
                config.crossAttentionNorm() ? block.group().norm("norm2", width).arrays() : List.of(),
                block.at("ffn.")
                        .linear("net.0.proj", width, config.feedForwardWidth())
                        .linear("net.2", config.feedForwardWidth(), width)
                        .arrays(),
                keysValues(cross.group(), "to_k", "norm_k", "to_v", width),
                config.image().isPresent()
                        ? keysValues(cross.group(), "add_k_proj", "norm_added_k", "add_v_proj", width)
                        : List.of());
    }

    private static List<NDArray> keysValues(Parameters cross, String keys, String norm, String values, long width) {
        return cross.linear(keys, width, width)
                .vector(norm + ".weight", width)
                .linear(values, width, width)
                .arrays();
    }
}
