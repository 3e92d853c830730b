package io.lowpass.models.wan.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WanVaeConfigTest {

    @Test
    void namesTheParametersOfThePublicCheckpoint() {
        // Given
        Manifest manifest = Manifest.read("wan2.1.vae");
        WanVaeConfig config = WanVaeConfig.of(manifest.config());
        Map<String, Shape> found = manifest.shapes();
        // When, Then
        assertThat(config.spatialFactor()).isEqualTo(8);
        assertThat(config.temporalFactor()).isEqualTo(4);
        assertThatCode(() -> config.architecture().requireMatch(found)).doesNotThrowAnyException();
        found.put("decoder.extra.weight", new Shape(2));
        found.remove("quant_conv.bias");
        found.put("decoder.conv_out.bias", new Shape(4));
        assertThatThrownBy(() -> config.architecture().requireMatch(found))
                .hasMessageContaining("missing quant_conv.bias (32)")
                .hasMessageContaining("unexpected decoder.extra.weight (2)")
                .hasMessageContaining("misshapen decoder.conv_out.bias (4), expected (3)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "is_residual | true | is_residual is true, allowed is false or null",
                "patch_size | 2 | patch_size is 2, allowed is null or 1",
                "attn_scales | [0.5] | attn_scales is [0.5], allowed is [] or null",
                "base_dim | 0 | base_dim is 0, allowed is a whole number from 1",
                "dim_mult | [] | dim_mult is []",
                "temperal_downsample | [true] | temperal_downsample is [true], allowed is one value less",
                "latents_mean | [1] | latents_mean is [1], allowed is a list of z_dim numbers: 4",
                "latents_std | [1, 1, 1, 0] | latents_std is [1,1,1,0], allowed is a list of z_dim numbers above 0",
                "clip_output | true | is not a known setting",
                "_class_name | \"AutoencoderKL\" | _class_name is \"AutoencoderKL\""
            })
    void refusesSettingsThatItDoesNotImplement(String field, String value, String message) {
        // Given
        ComponentConfig config = ReferenceTensors.changed("wan-vae-8x4", field, value);
        // When, Then
        assertThatThrownBy(() -> WanVaeConfig.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.json: ")
                .hasMessageContaining(message);
    }
}
