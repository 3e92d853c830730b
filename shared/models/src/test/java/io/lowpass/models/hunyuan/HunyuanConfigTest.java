package io.lowpass.models.hunyuan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.diffusion.cost.TransformerCost;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HunyuanConfigTest {

    private static final Manifest PUBLIC = Manifest.read("hunyuanvideo.transformer");

    @Test
    void namesTheParametersOfThePublicCheckpoint() {
        // Given
        HunyuanConfig config = HunyuanConfig.of(PUBLIC.config());
        // When, Then
        assertThatCode(() -> config.architecture().requireMatch(PUBLIC.shapes()))
                .doesNotThrowAnyException();
        assertThat(config.architecture().size()).isGreaterThan(12_800_000_000L);
    }

    @Test
    void costsWhatTheLiteratureSays() {
        // Given: 480 x 640, 65 frames, 256 rows of text
        HunyuanConfig config = HunyuanConfig.of(PUBLIC.config());
        TransformerCost cost = config.cost(256);
        // When, Then
        assertThat(cost.pass(17 * 30 * 40)).isCloseTo(0.2976e15, within(0.2976e13));
        assertThat(50 * cost.pass(17 * 30 * 40)).isCloseTo(14.92e15, within(0.1492e15));
    }

    @Test
    void takesWhatIsLeftOutFromThePublicModel() {
        // Given
        HunyuanConfig whole = HunyuanConfig.of(PUBLIC.config());
        // When
        HunyuanConfig empty = HunyuanConfig.of(ComponentConfig.of("config.json", ReferenceTensors.parsed("{}")));
        // Then
        assertThat(empty).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "image_condition_type | \"token_replace\" | image_condition_type is \"token_replace\", allowed is null",
                "qk_norm | \"layer_norm\" | qk_norm is \"layer_norm\", allowed is null or \"rms_norm\"",
                "num_attention_heads | 0 | num_attention_heads is 0, allowed is a whole number from 1",
                "rope_axes_dim | [4, 6] | rope_axes_dim is [4, 6], allowed is three even numbers",
                "rope_axes_dim | [4, 6, 8] | rope_axes_dim is [4, 6, 8], allowed is three even numbers",
                "mlp_ratio | -1 | mlp_ratio is -1, allowed is a number above 0 and at most 64",
                "num_layers | -1 | num_layers is -1, allowed is a whole number from 1",
                "rope_theta | 0 | rope_theta is 0.0, allowed is a positive number",
                "something | 1 | is not a known setting"
            })
    void refusesSettingsThatItDoesNotImplement(String field, String value, String message) {
        // Given
        ComponentConfig config = ReferenceTensors.changed("hunyuan-transformer", field, value);
        // When, Then
        assertThatThrownBy(() -> HunyuanConfig.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
