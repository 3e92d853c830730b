package io.lowpass.models.text;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.Parameters;
import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The parameters of CLIP's text model, under the names of transformers, in the groups that the kernels take.
 *
 * @param embeddings of the vocabulary and of positions
 * @param layers one per layer: norm, queries, keys, values, output, norm, feed-forward layer
 * @param norm the last one
 */
record ClipTextLayout(List<NDArray> embeddings, List<List<NDArray>> layers, List<NDArray> norm) {

    private static final String PREFIX = "text_model.";

    static Architecture architecture(ClipTextConfig config) {
        Architecture architecture =
                Parameters.declare("text_encoder_2", parameters -> of(parameters.at(PREFIX), config));
        // Newer files leave out the model's own name.
        architecture.parameters().keySet().forEach(name -> architecture.alias(name, name.substring(PREFIX.length())));
        return architecture;
    }

    static ClipTextLayout take(Parameters parameters, ClipTextConfig config) {
        return of(parameters.at(PREFIX), config);
    }

    private static ClipTextLayout of(Parameters model, ClipTextConfig config) {
        long width = config.width();
        return new ClipTextLayout(
                model.at("embeddings.")
                        .stored("token_embedding.weight", config.vocabulary(), width)
                        .stored("position_embedding.weight", config.positions(), width)
                        // Old checkpoints hold the numbers 0, 1, 2, ... beside their embeddings.
                        .ignored("position_ids")
                        .arrays(),
                IntStream.range(0, config.depth())
                        .mapToObj(i -> layer(model.at("encoder.layers." + i + "."), width, config.innerWidth()))
                        .toList(),
                model.group().norm("final_layer_norm", width).arrays());
    }

    private static List<NDArray> layer(Parameters layer, long width, long inner) {
        return layer.norm("layer_norm1", width)
                .linear("self_attn.q_proj", width, width)
                .linear("self_attn.k_proj", width, width)
                .linear("self_attn.v_proj", width, width)
                .linear("self_attn.out_proj", width, width)
                .norm("layer_norm2", width)
                .linear("mlp.fc1", width, inner)
                .linear("mlp.fc2", inner, width)
                .arrays();
    }
}
