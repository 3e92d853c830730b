package io.lowpass.models.cogvideox;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.Parameters;
import io.lowpass.models.cogvideox.CogVideoXConfig.Positions;
import java.util.List;
import java.util.stream.Stream;

/**
 * The parameters of a CogVideoX transformer, under the names of diffusers, in the groups that the kernels take. Norms and
 * the time embedder are f32 whatever the precision. What a configuration leaves out is there as the zeros or ones that
 * change nothing.
 *
 * @param patch patch embedding
 * @param positions learned positions of text and video, shape (1, rows + tokens, width), where there are any
 * @param time time embedder
 * @param text text projection
 * @param blocks one per block
 * @param modulators projections of the time to the modulations of each norm, two norms a block
 * @param norms weight and bias of each of those norms
 * @param headModulator projection of the time to the modulation of the head, and its norm
 * @param out last norm and output projection
 */
record CogVideoXLayout(
        List<NDArray> patch,
        List<NDArray> positions,
        List<NDArray> time,
        List<NDArray> text,
        List<Block> blocks,
        List<NDArray> modulators,
        List<NDArray> norms,
        List<NDArray> headModulator,
        List<NDArray> out) {

    /**
     * The parameters of one block.
     *
     * @param attention norms of heads, output, then projections of queries, keys and values, or one for all
     * @param feedForward its two layers
     */
    record Block(List<NDArray> attention, List<NDArray> feedForward) {}

    static CogVideoXLayout of(Parameters parameters, CogVideoXConfig config) {
        long width = config.width();
        long time = config.timestep().width();
        List<String> norms = config.blockNames().stream()
                .flatMap(block -> Stream.of(block + "norm1.", block + "norm2."))
                .toList();
        Parameters modulators = parameters.group();
        norms.forEach(norm -> modulators.linear(norm + "linear", time, 6 * width));
        Parameters modulated = parameters.group();
        norms.forEach(
                norm -> modulated.norm(norm + "norm", width, config.blocks().affineNorms()));
        return new CogVideoXLayout(
                patch(parameters.at("patch_embed.proj."), config),
                positions(parameters.at("patch_embed."), config),
                parameters
                        .at("time_embedding.")
                        .linearF32("linear_1", width, time)
                        .linearF32("linear_2", time, time)
                        .arrays(),
                parameters
                        .group()
                        .linear("patch_embed.text_proj", config.text().width(), width)
                        .arrays(),
                config.blockNames().stream()
                        .map(block -> block(parameters.at(block), config))
                        .toList(),
                modulators.arrays(),
                modulated.arrays(),
                parameters
                        .at("norm_out.")
                        .linear("linear", time, 2 * width)
                        .norm("norm", width, config.blocks().affineNorms())
                        .arrays(),
                parameters
                        .group()
                        .norm("norm_final", width, config.blocks().affineNorms())
                        .linear("proj_out", width, (long) config.outChannels() * config.patchCells())
                        .arrays());
    }

    private static List<NDArray> patch(Parameters proj, CogVideoXConfig config) {
        long width = config.width();
        long side = config.token().side();
        if (config.token().temporal()) {
            proj.matrix("weight", width, (long) config.inChannels() * config.patchCells());
        } else {
            proj.matrix("weight", width, config.inChannels(), side, side);
        }
        return (config.token().temporal() || config.token().bias() ? proj.vector("bias", width) : proj.zeros(width))
                .arrays();
    }

    private static List<NDArray> positions(Parameters embedding, CogVideoXConfig config) {
        if (config.position().kind() != Positions.ROTARY_AND_LEARNED) {
            return List.of();
        }
        int side = config.token().side();
        long frame = (long) (config.sample().height() / side) * (config.sample().width() / side);
        long rows = config.text().rows() + config.sample().latentFrames() * frame;
        return embedding.vector("pos_embedding", 1, rows, config.width()).arrays();
    }

    private static Block block(Parameters block, CogVideoXConfig config) {
        long width = config.width();
        return new Block(
                block.at("attn1.")
                        .norm("norm_q", config.blocks().headWidth())
                        .norm("norm_k", config.blocks().headWidth())
                        .linear("to_out.0", width, width)
                        .queriesKeysValues(width, config.blocks().attentionBias())
                        .arrays(),
                block.at("ff.")
                        .linear("net.0.proj", width, 4 * width)
                        .linear("net.2", 4 * width, width)
                        .arrays());
    }
}
