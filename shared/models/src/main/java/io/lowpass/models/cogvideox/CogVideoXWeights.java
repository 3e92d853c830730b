package io.lowpass.models.cogvideox;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.models.cogvideox.CogVideoXConfig.Positions;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

    static CogVideoXWeights take(
            Weights weights, CogVideoXConfig config, NDManager memory, Precision matrices, Kernels kernels) {
        Reader reader = new Reader(
                weights, config, matrices, matrices.arithmeticOn(memory.getDevice()), new Constants(memory, kernels));
        List<String> norms = IntStream.range(0, config.depth())
                .boxed()
                .flatMap(i -> Stream.of(block(i) + "norm1", block(i) + "norm2"))
                .toList();
        CogVideoXWeights taken = new CogVideoXWeights(
                reader.linear("patch_embed.proj", config.temporal() || config.patchBias()),
                config.positions() == Positions.ROTARY_AND_LEARNED
                        ? Optional.of(weights.take("patch_embed.pos_embedding", reader.vectors()))
                        : Optional.empty(),
                Stream.of("time_embedding.linear_1", "time_embedding.linear_2")
                        .flatMap(name -> reader.f32(name).stream())
                        .toList(),
                reader.linear("patch_embed.text_proj", true),
                IntStream.range(0, config.depth())
                        .mapToObj(i -> reader.block(block(i)))
                        .toList(),
                norms.stream()
                        .flatMap(norm -> reader.linear(norm + ".linear", true).stream())
                        .toList(),
                norms.stream()
                        .flatMap(norm -> reader.norm(norm + ".norm").stream())
                        .toList(),
                joined(reader.linear("norm_out.linear", true), reader.norm("norm_out.norm")),
                joined(reader.norm("norm_final"), reader.linear("proj_out", true)));
        weights.requireAllTaken();
        return taken;
    }

    private static String block(int index) {
        return "transformer_blocks." + index + ".";
    }

    private static List<NDArray> joined(List<NDArray> first, List<NDArray> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    /** What stands for parameters that a configuration leaves out. */
    private record Constants(NDManager memory, Kernels kernels) {

        NDArray of(double value, long width, Precision precision) {
            try (NDArray like = memory.create(new Shape(1))) {
                return Arrays.keep(kernels.call(memory, "constant", like, width, value, precision.torch()), memory);
            }
        }
    }

    /** Takes groups of parameters. */
    private record Reader(
            Weights weights, CogVideoXConfig config, Precision matrices, Precision vectors, Constants constants) {

        List<NDArray> block(String block) {
            List<NDArray> layers = new ArrayList<>(linear(block + "attn1.to_out.0", true));
            layers.addAll(f32(block + "attn1.norm_q"));
            layers.addAll(f32(block + "attn1.norm_k"));
            layers.addAll(linear(block + "ff.net.0.proj", true));
            layers.addAll(linear(block + "ff.net.2", true));
            layers.addAll(queriesKeysValues(block + "attn1."));
            return List.copyOf(layers);
        }

        /** One matrix instead of three is faster, but mapped weights are not copied for that. */
        List<NDArray> queriesKeysValues(String attention) {
            List<String> names = List.of(attention + "to_q", attention + "to_k", attention + "to_v");
            if (weights.isMapped(names.get(0) + ".weight", matrices)) {
                return names.stream()
                        .flatMap(name -> linear(name, config.attentionBias()).stream())
                        .toList();
            }
            NDArray weight = weights.takeStacked(
                    names.stream().map(name -> name + ".weight").toList(), matrices);
            NDArray bias = config.attentionBias()
                    ? weights.takeStacked(
                            names.stream().map(name -> name + ".bias").toList(), vectors)
                    : constants.of(0, 3L * config.width(), vectors);
            return List.of(weight, bias);
        }

        List<NDArray> linear(String name, boolean biased) {
            NDArray weight = weights.take(name + ".weight", matrices);
            return List.of(
                    weight,
                    biased
                            ? weights.take(name + ".bias", vectors)
                            : constants.of(0, weight.getShape().get(0), vectors));
        }

        List<NDArray> norm(String name) {
            return config.affineNorms()
                    ? f32(name)
                    : List.of(
                            constants.of(1, config.width(), Precision.F32),
                            constants.of(0, config.width(), Precision.F32));
        }

        List<NDArray> f32(String name) {
            return List.of(weights.take(name + ".weight", Precision.F32), weights.take(name + ".bias", Precision.F32));
        }
    }
}
