package io.lowpass.models.wan;

import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.IntStream;

/** The parameters of a Wan transformer, under the names of diffusers. */
public final class WanArchitecture {

    private WanArchitecture() {}

    /** Every parameter that a configuration asks for. */
    public static Architecture of(WanConfig config) {
        int width = config.width();
        Architecture parameters = new Architecture("transformer")
                .parameter("scale_shift_table", 1, 2, width)
                .parameter(
                        "patch_embedding.weight",
                        width,
                        config.inChannels(),
                        config.patch().get(0),
                        config.patch().get(1),
                        config.patch().get(2))
                .parameter("patch_embedding.bias", width)
                .linear("condition_embedder.time_embedder.linear_1", config.timeWidth(), width)
                .linear("condition_embedder.time_embedder.linear_2", width, width)
                .linear("condition_embedder.time_proj", width, 6L * width)
                .linear("condition_embedder.text_embedder.linear_1", config.textWidth(), width)
                .linear("condition_embedder.text_embedder.linear_2", width, width)
                .linear("proj_out", width, (long) config.outChannels() * config.patchCells());
        config.image().ifPresent(image -> image(parameters, image, width));
        blocks(config).forEach(block -> block(parameters, block, config));
        return parameters;
    }

    /** What the names of each block's parameters start with, in the order in which blocks run. */
    static List<String> blocks(WanConfig config) {
        return IntStream.range(0, config.depth())
                .mapToObj(i -> "blocks." + i + ".")
                .toList();
    }

    private static void image(Architecture parameters, WanConfig.Image image, int width) {
        String embedder = "condition_embedder.image_embedder.";
        parameters
                .affine(embedder + "norm1", image.width())
                .linear(embedder + "ff.net.0.proj", image.width(), image.width())
                .linear(embedder + "ff.net.2", image.width(), width)
                .affine(embedder + "norm2", width);
        image.rows().ifPresent(rows -> parameters.parameter(embedder + "pos_embed", 1, rows, image.width()));
    }

    private static void block(Architecture parameters, String block, WanConfig config) {
        parameters.parameter(block + "scale_shift_table", 1, 6, config.width());
        attention(parameters, block + "attn1.", config.width());
        attention(parameters, block + "attn2.", config.width());
        if (config.image().isPresent()) {
            parameters
                    .linear(block + "attn2.add_k_proj", config.width(), config.width())
                    .linear(block + "attn2.add_v_proj", config.width(), config.width())
                    .parameter(block + "attn2.norm_added_k.weight", config.width());
        }
        if (config.crossAttentionNorm()) {
            parameters.affine(block + "norm2", config.width());
        }
        parameters
                .linear(block + "ffn.net.0.proj", config.width(), config.feedForwardWidth())
                .linear(block + "ffn.net.2", config.feedForwardWidth(), config.width());
    }

    private static void attention(Architecture parameters, String attention, int width) {
        parameters
                .linear(attention + "to_q", width, width)
                .linear(attention + "to_k", width, width)
                .linear(attention + "to_v", width, width)
                .linear(attention + "to_out.0", width, width)
                .parameter(attention + "norm_q.weight", width)
                .parameter(attention + "norm_k.weight", width)
                // Published checkpoints hold it; the reference has no such layer and passes over it.
                .ignored(attention + "norm_added_q.weight");
    }
}
