package io.lowpass.models.text;

import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Architecture;

/**
 * The settings of a T5 or UMT5 encoder with gated GELU.
 *
 * @param vocabulary number of token ids
 * @param width of the hidden states
 * @param headWidth width of one attention head
 * @param innerWidth width inside the feed-forward layer
 * @param depth number of layers
 * @param heads number of attention heads
 * @param buckets number of distances that the position bias tells apart, both directions together
 * @param maxDistance from this distance on all are one bucket
 * @param epsilon of the norms
 * @param biasInEveryLayer whether each layer has a position bias of its own (UMT5), or all share the first one's (T5)
 */
public record T5Config(
        int vocabulary,
        int width,
        int headWidth,
        int innerWidth,
        int depth,
        int heads,
        int buckets,
        int maxDistance,
        double epsilon,
        boolean biasInEveryLayer) {

    /**
     * Reads and checks {@code config.json}.
     *
     * @throws IllegalArgumentException naming the field, if a value is wrong or asks for another architecture
     */
    public static T5Config of(ComponentConfig config) {
        config.requireOneOf("model_type", "\"umt5\"", "\"t5\"")
                .requireOneOf("is_decoder", "false", "null")
                .requireOneOf("dense_act_fn", "\"gelu_new\"", "null")
                .requireOneOf("is_gated_act", "true", "null");
        boolean umt5 = config.text("model_type").orElseThrow().equals("umt5");
        // What the two leave out of their files: gated GELU for UMT5, plain ReLU for T5.
        if (umt5) {
            config.requireOneOf("feed_forward_proj", "\"gated-gelu\"", "null");
        } else {
            config.requireOneOf("feed_forward_proj", "\"gated-gelu\"");
        }
        T5Config read = new T5Config(
                config.positive("vocab_size"),
                config.positive("d_model"),
                config.positive("d_kv"),
                config.positive("d_ff"),
                config.count("num_layers"),
                config.count("num_heads"),
                config.positive("relative_attention_num_buckets", 32),
                config.positive("relative_attention_max_distance", 128),
                config.number("layer_norm_epsilon", 1e-6),
                umt5);
        if (read.buckets % 4 != 0) {
            throw config.refused("relative_attention_num_buckets", "a multiple of 4");
        }
        if (read.maxDistance <= read.buckets / 4) {
            throw config.refused("relative_attention_max_distance", "more than " + read.buckets / 4);
        }
        return read;
    }

    /** Name and shape of every parameter. */
    public Architecture architecture() {
        return T5Layout.architecture(this);
    }

    /** Whether a layer has a position bias of its own. */
    boolean hasBias(int layer) {
        return biasInEveryLayer || layer == 0;
    }
}
