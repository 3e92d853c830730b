package io.lowpass.models.wan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Safetensors;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WanConfigTest {

    private static final String SMALL = "wan2.1-t2v-1.3b";
    private static final String LARGE = "wan2.1-t2v-14b";

    private static Manifest manifest(String checkpoint) {
        return Manifest.read(checkpoint + ".transformer");
    }

    private static WanConfig config(String checkpoint) {
        return WanConfig.of(manifest(checkpoint).config());
    }

    @ParameterizedTest
    @ValueSource(strings = {SMALL, LARGE})
    void accountsForEveryParameterOfPublishedCheckpoints(String checkpoint) {
        // Given
        Map<String, Shape> published = manifest(checkpoint).shapes();
        // When
        Architecture architecture = config(checkpoint).architecture();
        // Then
        architecture.requireMatch(published);
        assertThat(architecture.parameters()).containsExactlyInAnyOrderEntriesOf(published);
    }

    @Test
    void namesWhatDiffersFromAPublishedCheckpoint() {
        // Given
        Map<String, Shape> published = manifest(SMALL).shapes();
        published.remove("blocks.3.attn1.norm_q.weight");
        published.put("blocks.30.ffn.net.2.bias", new Shape(1536));
        published.put("proj_out.bias", new Shape(63));
        // When
        Architecture architecture = config(SMALL).architecture();
        // Then
        assertThatThrownBy(() -> architecture.requireMatch(published))
                .hasMessageContainingAll(
                        "transformer",
                        "missing blocks.3.attn1.norm_q.weight (1536)",
                        "unexpected blocks.30.ffn.net.2.bias (1536)",
                        "misshapen proj_out.bias (63), expected (64)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "patch_size|[1, 2]|three whole numbers",
                "patch_size|[1, 0, 2]|patch_size.1 is 0, allowed is a whole number from 1",
                "num_layers|0|a whole number from 1 to",
                "num_layers|\"12\"|a whole number from 1 to",
                "attention_head_dim|31|an even number",
                "freq_dim|255|an even number",
                "eps|0|a positive number",
                "qk_norm|\"layer_norm\"|rms_norm_across_heads",
                "cross_attn_norm|1|true or false",
                "image_dim|0|a whole number from 1 to",
                "added_kv_proj_dim|5120|null",
                "in_channels|15|out_channels or more: 16",
                "pos_embed_seq_len|514|null",
                "window_size|[-1, -1]|not a known setting"
            })
    void refusesWhatItDoesNotCompute(String field, String value, String allowed) {
        // Given
        ComponentConfig json = manifest(SMALL).with(Map.of(field, value));
        // When
        // Then
        assertThatThrownBy(() -> WanConfig.of(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(field, allowed);
    }

    @Test
    void countsMultiplyAddsAsTheLiteratureDoes() {
        // Given
        double tokens = 21 * 45 * 80;
        // When
        double large = config(LARGE).referenceCost(512).pass(tokens);
        double small = 2 * 50 * config(SMALL).referenceCost(512).pass(21 * 30 * 52);
        // Then
        assertThat(large).isCloseTo(3.262e15, within(0.01 * 3.262e15));
        assertThat(small).isCloseTo(14.15e15, within(0.01 * 14.15e15));
    }

    @Test
    void costsAsMuchAsItsMatricesSay() {
        // Given
        WanConfig config =
                WanConfig.of(ComponentConfig.read(ReferenceTensors.demoModel().resolve("transformer")));
        long perToken = 0;
        try (Safetensors file = Safetensors.open(ReferenceTensors.demoModel().resolve("transformer"))) {
            for (Map.Entry<String, Shape> parameter : file.shapes().entrySet()) {
                boolean prompt = parameter.getKey().contains("attn2.to_k")
                        || parameter.getKey().contains("attn2.to_v");
                boolean ofTokens = parameter.getKey().matches("(blocks|proj_out|patch_embedding)\\..*weight");
                if (ofTokens && !prompt && parameter.getValue().dimension() > 1) {
                    perToken += parameter.getValue().size();
                }
            }
        }
        // When
        double cost = config.cost(11).pass(320);
        // Then: every matrix once per token, then scores and sums of self-attention and of 11 + 1 rows of prompt
        double attention = 2.0 * 12 * 192 * (320 + 12);
        assertThat(cost).isEqualTo(320 * (perToken + attention));
    }
}
