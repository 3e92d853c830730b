package io.lowpass.models.cogvideox.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Precision;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CogVideoXVaeConfigTest {

    private static final Manifest MANIFEST = Manifest.read("cogvideox.vae");

    @Test
    void namesTheParametersOfThePublicCheckpoint() {
        // Given
        CogVideoXVaeConfig config = CogVideoXVaeConfig.of(MANIFEST.config());
        // When
        Map<String, Shape> parameters = config.architecture().parameters();
        // Then
        assertThat(parameters).containsExactlyInAnyOrderEntriesOf(MANIFEST.shapes());
        assertThat(config.spatialFactor()).isEqualTo(8);
        assertThat(config.temporalFactor()).isEqualTo(4);
    }

    @Test
    void largerBatchesOfLatentsTakeMoreMemory() {
        // Given
        CogVideoXVaeConfig config = CogVideoXVaeConfig.of(MANIFEST.config());
        // When
        long one = config.decodingBytes(480, 720, 1, Precision.F32);
        long three = config.decodingBytes(480, 720, 3, Precision.F32);
        // Then
        assertThat(three).isGreaterThan(one).isLessThan(9 * one);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use_quant_conv | true | use_quant_conv is true, allowed is false or null",
                "use_post_quant_conv | true | use_post_quant_conv is true, allowed is false or null",
                "act_fn | \"relu\" | act_fn is \"relu\"",
                "block_out_channels | [8, 9, 8, 8] | a list of multiples of norm_num_groups: 2",
                "up_block_types | [\"CogVideoXUpBlock3D\"] | one CogVideoXUpBlock3D for each of block_out_channels: 4",
                "down_block_types | [1, 2, 3, 4] | one CogVideoXDownBlock3D for each of block_out_channels: 4",
                "temporal_compression_ratio | 3 | a power of 2",
                "temporal_compression_ratio | 16 | up to what the levels make: 8",
                "scaling_factor | 0 | a number other than 0",
                "latents_mean | [0] | latents_mean is [0], allowed is null",
                "clip_output | true | is not a known setting"
            })
    void refusesSettingsThatItDoesNotImplement(String field, String value, String message) {
        // Given
        ComponentConfig config = ReferenceTensors.changed("cogvideox-vae", field, value);
        // When, Then
        assertThatThrownBy(() -> CogVideoXVaeConfig.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.json: ")
                .hasMessageContaining(message);
    }
}
