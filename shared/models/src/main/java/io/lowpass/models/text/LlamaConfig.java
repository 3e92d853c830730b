package io.lowpass.models.text;

import io.lowpass.models.ComponentConfig;
import io.lowpass.tensor.Architecture;

/**
 * The settings of a Llama model without its language head.
 *
 * @param vocabulary number of token ids
 * @param width of the hidden states
 * @param innerWidth width inside the feed-forward layer
 * @param depth number of layers
 * @param heads number of attention heads
 * @param keyHeads number of heads of keys and values, each shared by several of the queries
 * @param headWidth width of one head
 * @param epsilon of the norms
 * @param attentionBias whether the projections of attention have a bias
 * @param forwardBias whether the feed-forward layers have a bias
 * @param activation inside the feed-forward layer
 * @param rotary frequencies of the positions
 */
public record LlamaConfig(
        int vocabulary,
        int width,
        int innerWidth,
        int depth,
        int heads,
        int keyHeads,
        int headWidth,
        double epsilon,
        boolean attentionBias,
        boolean forwardBias,
        String activation,
        RotaryFrequencies rotary) {

    /**
     * Reads and checks {@code config.json}.
     *
     * @throws IllegalArgumentException naming the field, if a value is wrong or asks for another architecture
     */
    public static LlamaConfig of(ComponentConfig config) {
        config.requireOneOf("model_type", "\"llama\"").requireOneOf("hidden_act", Activations.allowed());
        int heads = config.count("num_attention_heads");
        int width = config.positive("hidden_size");
        int keyHeads = config.count("num_key_value_heads", heads);
        if (heads % keyHeads != 0) {
            throw config.refused("num_key_value_heads", "a divisor of num_attention_heads: " + heads);
        }
        if (width % heads != 0) {
            throw config.refused("num_attention_heads", "a divisor of hidden_size: " + width);
        }
        int headWidth = config.positive("head_dim", width / heads);
        if (headWidth % 2 != 0) {
            throw config.refused("head_dim", "an even number");
        }
        return new LlamaConfig(
                config.positive("vocab_size"),
                width,
                config.positive("intermediate_size"),
                config.count("num_hidden_layers"),
                heads,
                keyHeads,
                headWidth,
                config.number("rms_norm_eps", 1e-6),
                config.flag("attention_bias", false),
                config.flag("mlp_bias", false),
                config.text("hidden_act").orElse("silu"),
                RotaryFrequencies.of(config, headWidth));
    }

    /** Name and shape of every parameter. */
    public Architecture architecture() {
        return LlamaLayout.architecture(this);
    }
}
