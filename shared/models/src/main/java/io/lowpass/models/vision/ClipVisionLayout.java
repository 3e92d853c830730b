package io.lowpass.models.vision;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.Parameters;
import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The parameters of CLIP's vision model, under the names of transformers, in the groups that the kernels take: all in
 * the precision of the model.
 *
 * @param embedding class, patches, positions, norm
 * @param layers one per layer: both norms, queries, keys, values, output, feed-forward layer
 */
record ClipVisionLayout(List<NDArray> embedding, List<List<NDArray>> layers) {

    private static final String PREFIX = "vision_model.";

    /** Name and shape of every parameter, those of the last layer and its norm too, which are not computed. */
    static Architecture architecture(ClipVisionConfig config) {
        Architecture architecture = Parameters.declare("image_encoder", parameters -> {
            both(parameters.at(PREFIX), "post_layernorm", config.width());
            of(parameters, config, config.depth());
        });
        // Newer versions of transformers write the names without the prefix.
        List.copyOf(architecture.parameters().keySet())
                .forEach(name -> architecture.alias(name, name.substring(PREFIX.length())));
        return architecture;
    }

    /**
     * Walks the layout.
     *
     * @param computed the number of layers that are taken
     */
    static ClipVisionLayout of(Parameters parameters, ClipVisionConfig config, int computed) {
        Parameters model = parameters.at(PREFIX);
        long patch = config.patch();
        Parameters embedding = model.group()
                .matrix("embeddings.class_embedding", config.width())
                .matrix("embeddings.patch_embedding.weight", config.width(), Picture.CHANNELS, patch, patch)
                .matrix("embeddings.position_embedding.weight", config.rows(), config.width())
                // A counter that older files hold.
                .ignored("embeddings.position_ids");
        // What projects the states for no video model.
        parameters.ignored("visual_projection.weight");
        return new ClipVisionLayout(
                both(embedding, "pre_layrnorm", config.width()).arrays(),
                IntStream.range(0, computed)
                        .mapToObj(i -> layer(model.at("encoder.layers." + i + "."), config))
                        .toList());
    }

    private static List<NDArray> layer(Parameters layer, ClipVisionConfig config) {
        long width = config.width();
        long inner = config.innerWidth();
        both(layer, "layer_norm1", width);
        both(layer, "layer_norm2", width);
        both(layer, "self_attn.q_proj", width, width);
        both(layer, "self_attn.k_proj", width, width);
        both(layer, "self_attn.v_proj", width, width);
        both(layer, "self_attn.out_proj", width, width);
        both(layer, "mlp.fc1", inner, width);
        both(layer, "mlp.fc2", width, inner);
        return layer.arrays();
    }

    /** Weight and bias; the bias is as long as the weight's first axis. */
    private static Parameters both(Parameters parameters, String name, long... shape) {
        return parameters.matrix(name + ".weight", shape).matrix(name + ".bias", shape[0]);
    }
}
