package io.lowpass.models.text;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.Parameters;
import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The parameters of a Llama model, under the names of transformers, in the groups that the kernels take.
 *
 * @param embedding of the vocabulary
 * @param layers one per layer that is computed: both norms, then weight and bias of the projections
 * @param norm the last one; empty if the layers before it are not all computed
 */
record LlamaLayout(List<NDArray> embedding, List<List<NDArray>> layers, List<NDArray> norm) {

    static Architecture architecture(LlamaConfig config) {
        return Parameters.declare("text_encoder", parameters -> of(parameters, config, config.depth()));
    }

    /**
     * Walks the layout.
     *
     * @param computed the number of layers that are taken
     */
    static LlamaLayout of(Parameters parameters, LlamaConfig config, int computed) {
        boolean whole = computed == config.depth();
        return new LlamaLayout(
                parameters
                        .group()
                        .stored("embed_tokens.weight", config.vocabulary(), config.width())
                        .arrays(),
                IntStream.range(0, computed)
                        .mapToObj(i -> layer(parameters.at("layers." + i + "."), config))
                        .toList(),
                whole ? parameters.group().matrix("norm.weight", config.width()).arrays() : List.of());
    }

    private static List<NDArray> layer(Parameters layer, LlamaConfig config) {
        long width = config.width();
        long queries = (long) config.heads() * config.headWidth();
        long keys = (long) config.keyHeads() * config.headWidth();
        boolean attention = config.attentionBias();
        boolean forward = config.forwardBias();
        return layer.matrix("input_layernorm.weight", width)
                .matrix("post_attention_layernorm.weight", width)
                .optionalBias("self_attn.q_proj", width, queries, attention)
                .optionalBias("self_attn.k_proj", width, keys, attention)
                .optionalBias("self_attn.v_proj", width, keys, attention)
                .optionalBias("self_attn.o_proj", queries, width, attention)
                .optionalBias("mlp.gate_proj", width, config.innerWidth(), forward)
                .optionalBias("mlp.up_proj", width, config.innerWidth(), forward)
                .optionalBias("mlp.down_proj", config.innerWidth(), width, forward)
                .arrays();
    }
}
