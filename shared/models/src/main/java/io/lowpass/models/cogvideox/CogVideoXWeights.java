package io.lowpass.models.cogvideox;

import static io.lowpass.models.WeightGroups.joined;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.WeightGroups;
import io.lowpass.models.cogvideox.CogVideoXConfig.Positions;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The weights of a CogVideoX transformer, grouped as the kernels take them. Matrices are in the precision of the model,
 * biases in that of its arithmetic; norms and the time embedder are f32 whatever the precision. What a configuration
 * leaves out is there as the zeros or ones that change nothing.
 *
 * @param patch patch embedding: weight, bias
 * @param positions learned positions of text and video, shape (1, rows + tokens, width)
 * @param time time embedder, two layers
 * @param text text projection
 * @param blocks one per block, in the order of the kernels
 * @param modulators projections of the time to the modulations of each norm: weight and bias, two norms a block
 * @param norms weight and bias of each of those norms
 * @param headModulator projection of the time to the modulation of the head, and its norm's weight and bias
 * @param out last norm and output projection
 */
record CogVideoXWeights(
        List<NDArray> patch,
        Optional<NDArray> positions,
        List<NDArray> time,
        List<NDArray> text,
        List<List<NDArray>> blocks,
        List<NDArray> modulators,
        List<NDArray> norms,
        List<NDArray> headModulator,
        List<NDArray> out) {

    static CogVideoXWeights take(Weights weights, CogVideoXConfig config) {
        WeightGroups groups = WeightGroups.of(weights);
        List<String> blocks = CogVideoXArchitecture.blocks(config);
        List<String> norms = blocks.stream()
                .flatMap(block -> Stream.of(block + "norm1", block + "norm2"))
                .toList();
        CogVideoXWeights taken = new CogVideoXWeights(
                groups.linear("patch_embed.proj", config.temporal() || config.patchBias()),
                config.positions() == Positions.ROTARY_AND_LEARNED
                        ? Optional.of(groups.vector("patch_embed.pos_embedding"))
                        : Optional.empty(),
                groups.f32("time_embedding.linear_1", "time_embedding.linear_2"),
                groups.linear("patch_embed.text_proj"),
                blocks.stream().map(block -> block(groups, config, block)).toList(),
                groups.linears(norms.stream().map(norm -> norm + ".linear").toArray(String[]::new)),
                norms.stream()
                        .flatMap(norm -> norm(groups, config, norm + ".norm").stream())
                        .toList(),
                joined(groups.linear("norm_out.linear"), norm(groups, config, "norm_out.norm")),
                joined(norm(groups, config, "norm_final"), groups.linear("proj_out")));
        weights.requireAllTaken();
        return taken;
    }

    private static List<NDArray> block(WeightGroups groups, CogVideoXConfig config, String block) {
        return joined(
                groups.linear(block + "attn1.to_out.0"),
                groups.f32(block + "attn1.norm_q", block + "attn1.norm_k"),
                groups.linears(block + "ff.net.0.proj", block + "ff.net.2"),
                groups.queriesKeysValues(block + "attn1.", config.attentionBias()));
    }

    private static List<NDArray> norm(WeightGroups groups, CogVideoXConfig config, String name) {
        Weights weights = groups.weights();
        return config.affineNorms()
                ? groups.f32(name)
                : List.of(
                        weights.constant(1, config.width(), Precision.F32),
                        weights.constant(0, config.width(), Precision.F32));
    }
}
