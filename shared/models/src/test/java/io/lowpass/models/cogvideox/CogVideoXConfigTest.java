package io.lowpass.models.cogvideox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.TokenGrid;
import io.lowpass.tensor.Architecture;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CogVideoXConfigTest {

    private static final String SMALL = "cogvideox-2b";
    private static final String LARGE = "cogvideox-5b";

    private static Manifest manifest(String checkpoint) {
        return Manifest.read(checkpoint + ".transformer");
    }

    private static CogVideoXConfig config(String checkpoint) {
        return CogVideoXConfig.of(manifest(checkpoint).config());
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
    void leavesOutWhatAConfigurationDoesWithout() {
        // Given
        Map<String, String> changes =
                Map.of("attention_bias", "false", "norm_elementwise_affine", "false", "patch_bias", "false");
        // When
        Architecture architecture =
                CogVideoXConfig.of(manifest(SMALL).with(changes)).architecture();
        // Then
        assertThat(architecture.parameters())
                .doesNotContainKeys(
                        "transformer_blocks.0.attn1.to_q.bias",
                        "transformer_blocks.0.norm1.norm.weight",
                        "norm_final.bias",
                        "norm_out.norm.bias",
                        "patch_embed.proj.bias")
                .containsKeys("transformer_blocks.0.attn1.norm_q.weight", "transformer_blocks.0.attn1.to_out.0.bias");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "num_layers|0|a whole number from 1 to",
                "attention_head_dim|24|a multiple of 16",
                "norm_eps|0|a positive number",
                "spatial_interpolation_scale|-1|a positive number",
                "freq_shift|5000|less than half the width",
                "ofs_embed_dim|512|null",
                "activation_fn|\"geglu\"|gelu-approximate",
                "timestep_activation_fn|\"mish\"|silu",
                "attention_bias|1|true or false",
                "window_size|[-1, -1]|not a known setting"
            })
    void refusesWhatItDoesNotCompute(String field, String value, String allowed) {
        // Given
        ComponentConfig json = manifest(LARGE).with(Map.of(field, value));
        // When
        // Then
        assertThatThrownBy(() -> CogVideoXConfig.of(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(field, allowed);
    }

    @Test
    void refusesPositionsThatTheReferenceRefuses() {
        // Given
        ComponentConfig learned = manifest(SMALL).with(Map.of("use_learned_positional_embeddings", "true"));
        ComponentConfig spanning = manifest(SMALL).with(Map.of("patch_size_t", "2"));
        // When
        // Then
        assertThatThrownBy(() -> CogVideoXConfig.of(learned))
                .hasMessageContainingAll("use_learned_positional_embeddings is true", "rotary");
        assertThatThrownBy(() -> CogVideoXConfig.of(spanning)).hasMessageContainingAll("patch_size_t is 2", "null");
    }

    @Test
    void countsMultiplyAddsAsTheLiteratureDoes() {
        // Given
        double tokens = 13 * 30 * 45;
        // When
        double small = 2 * 50 * config(SMALL).cost(226).pass(tokens);
        double large = 2 * 50 * config(LARGE).cost(226).pass(tokens);
        // Then
        assertThat(small).isCloseTo(6.00e15, within(0.01 * 6.00e15));
        assertThat(large).isCloseTo(16.6e15, within(0.01 * 16.6e15));
    }

    @Test
    void laysOtherGridsOverTheOneOfTraining() {
        // Given
        CogVideoXConfig config = config(LARGE);
        // When
        CogVideoXRotary same = CogVideoXRotary.of(config, new TokenGrid(13, 30, 45, config.patch()));
        CogVideoXRotary trial = CogVideoXRotary.of(config, new TokenGrid(7, 7, 11, config.patch()));
        // Then
        assertThat(same.height()).isEqualTo(new CogVideoXRotary.Axis(0, 29, 30, 24));
        assertThat(same.width()).isEqualTo(new CogVideoXRotary.Axis(0, 44, 45, 24));
        assertThat(trial.frames()).isEqualTo(new CogVideoXRotary.Axis(0, 6, 7, 16));
        // 45 / 11 * 7 = 28.6 of 30 rows: scaled to 29, half a row above
        assertThat(trial.height()).isEqualTo(new CogVideoXRotary.Axis(0, 29 * 6 / 7.0, 7, 24));
        assertThat(trial.width()).isEqualTo(new CogVideoXRotary.Axis(0, 45 * 10 / 11.0, 11, 24));
    }
}
