package io.lowpass.models.wan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.families.Families;
import io.lowpass.models.text.T5Config;
import io.lowpass.models.wan.vae.WanVaeConfig;
import io.lowpass.tensor.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WanLimitsTest {

    private static final double GIB = 1L << 30;

    private final WanLimits demo =
            (WanLimits) Families.open(ReferenceTensors.demoModel()).limits();

    private static ComponentConfig manifest(String name) {
        return Manifest.read(name).config();
    }

    private static WanLimits wan21(String transformer) {
        return new WanLimits(
                WanConfig.of(manifest(transformer)),
                T5Config.of(manifest("wan2.1.text_encoder")),
                WanVaeConfig.of(manifest("wan2.1.vae")));
    }

    @Test
    void knowsTheShapeOfLatents() {
        // When, Then
        assertThat(demo.latents(128, 96, 17)).isEqualTo(new Shape(1, 16, 5, 16, 12));
        assertThat(demo.heightMultiple()).isEqualTo(16);
        assertThat(demo.frameMultiple()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "120|128|17|height is 120, allowed is a multiple of 16, from 16 to 16384",
                "128|0|17|width is 0, allowed is a multiple of 16",
                "128|-16|17|width is -16, allowed is a multiple of 16",
                "16400|128|17|height is 16400, allowed is a multiple of 16, from 16 to 16384",
                "128|128|16|numFrames is 16, allowed is 4n + 1, from 1 to 4093",
                "128|128|0|numFrames is 0, allowed is 4n + 1",
                "128|128|4097|numFrames is 4097, allowed is 4n + 1"
            })
    void refusesVideosThatTheModelCannotMake(int height, int width, int frames, String message) {
        // When, Then
        assertThatThrownBy(() -> demo.requireVideo(height, width, frames))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void countsTheWeightsOfThePublicCheckpoints() {
        // When
        WanLimits small = wan21("wan2.1-t2v-1.3b.transformer");
        // Then
        assertThat(small.samplerWeights(Precision.BF16) / 2e9).isBetween(7.0, 7.2);
        assertThat(small.vaeWeights(Precision.F32) / 4e6).isBetween(126.0, 128.0);
        assertThat(wan21("wan2.1-t2v-14b.transformer").samplerWeights(Precision.BF16) / 2e9)
                .isBetween(19.9, 20.1);
    }

    @Test
    void estimatesWhatAVideoTakes() {
        // Given
        WanLimits small = wan21("wan2.1-t2v-1.3b.transformer");
        // When
        long denoising = small.denoising(480, 832, 81, 2, Precision.F32);
        // Then
        assertThat(denoising / GIB).isBetween(1.5, 4.0);
        assertThat(small.denoising(480, 832, 161, 2, Precision.F32)).isBetween(denoising * 3 / 2, denoising * 2);
        assertThat(small.denoising(480, 832, 81, 2, Precision.BF16)).isLessThan(denoising);
        assertThat(small.decoding(480, 832, Precision.F32) / GIB).isBetween(4.0, 6.0);
    }

    @Test
    void refusesComponentsThatDoNotFit() {
        // When, Then
        assertThatThrownBy(() -> new WanLimits(
                        WanConfig.of(manifest("wan2.1-t2v-1.3b.transformer")), demo.textEncoder(), demo.vae()))
                .hasMessageContaining("text_dim is 4096, allowed is the text encoder's d_model: 128");
    }
}
