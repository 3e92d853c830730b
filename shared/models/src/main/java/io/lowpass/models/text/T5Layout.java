package io.lowpass.models.text;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.Parameters;
import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The parameters of an encoder of T5, under the names of transformers, in the groups that the kernels take.
 *
 * @param embedding of the vocabulary
 * @param layers one per layer
 * @param norm the last one
 */
record T5Layout(List<NDArray> embedding, List<Layer> layers, List<NDArray> norm) {

    /**
     * The parameters of one layer.
     *
     * @param bias of attention by position; empty in layers that share that of the first one
     * @param weights of attention and feed-forward layer, each behind its norm
     */
    record Layer(List<NDArray> bias, List<NDArray> weights) {}

    static Architecture architecture(T5Config config) {
        return Parameters.declare("text_encoder", parameters -> of(parameters, config))
                .alias("shared.weight", "encoder.embed_tokens.weight");
    }

    static T5Layout of(Parameters parameters, T5Config config) {
        return new T5Layout(
                parameters
                        .group()
                        .stored("shared.weight", config.vocabulary(), config.width())
                        .arrays(),
                IntStream.range(0, config.depth())
                        .mapToObj(
                                i -> layer(parameters.at("encoder.block." + i + ".layer."), config, config.hasBias(i)))
                        .toList(),
                parameters
                        .group()
                        .matrix("encoder.final_layer_norm.weight", config.width())
                        .arrays());
    }

    private static Layer layer(Parameters layer, T5Config config, boolean biased) {
        long width = config.width();
        long heads = (long) config.heads() * config.headWidth();
        long inner = config.innerWidth();
        return new Layer(
                biased
                        ? layer.at("0.SelfAttention.")
                                .matrix("relative_attention_bias.weight", config.buckets(), config.heads())
                                .arrays()
                        : List.of(),
                layer.group()
                        .matrix("0.layer_norm.weight", width)
                        .matrix("0.SelfAttention.q.weight", heads, width)
                        .matrix("0.SelfAttention.k.weight", heads, width)
                        .matrix("0.SelfAttention.v.weight", heads, width)
                        .matrix("0.SelfAttention.o.weight", width, heads)
                        .matrix("1.layer_norm.weight", width)
                        .matrix("1.DenseReluDense.wi_0.weight", inner, width)
                        .matrix("1.DenseReluDense.wi_1.weight", inner, width)
                        .matrix("1.DenseReluDense.wo.weight", width, inner)
                        .arrays());
    }
}
