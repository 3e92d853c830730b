package io.lowpass.models.cogvideox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.cogvideox.vae.CogVideoXVaeConfig;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.PipelineDefaults;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.models.text.T5Config;
import io.lowpass.tensor.Precision;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CogVideoXLimitsTest {

    /** The published 5B model with other settings of its transformer. */
    private static CogVideoXLimits limits(Map<String, String> changes) {
        return new CogVideoXLimits(
                CogVideoXConfig.of(Manifest.read("cogvideox-5b.transformer").with(changes)),
                T5Config.of(Manifest.read("cogvideox.text_encoder").config()),
                CogVideoXVaeConfig.of(Manifest.read("cogvideox.vae").config()));
    }

    @Test
    void laysOutLatentsAsThePipelineDoes() {
        // Given
        CogVideoXLimits limits = limits(Map.of());
        // When, Then
        assertThat(limits.latents(480, 720, 49)).isEqualTo(new Shape(1, 16, 13, 60, 90));
        assertThat(limits.latents(16, 32, 5)).isEqualTo(new Shape(1, 16, 2, 2, 4));
        assertThat(limits.promptLength()).isEqualTo(226);
    }

    @Test
    void addsLatentFramesThatFillThePatchesOfVersionOneAndAHalf() {
        // Given
        CogVideoXLimits limits = limits(Map.of(
                "patch_size_t", "2", "sample_height", "300", "sample_width", "300", "max_text_seq_length", "224"));
        // When, Then
        assertThat(limits.latents(768, 1360, 81)).isEqualTo(new Shape(1, 16, 22, 96, 170));
        assertThat(limits.latents(768, 1360, 85)).isEqualTo(new Shape(1, 16, 22, 96, 170));
        assertThat(limits.largestHeight()).isEqualTo(2400);
        assertThat(limits.promptLength()).isEqualTo(226);
        assertThatThrownBy(() -> limits.latents(2416, 1360, 81)).hasMessageContaining("height is 2416");
    }

    @Test
    void refusesVideosThatWouldNotBeWhatWasAskedFor() {
        // Given
        CogVideoXLimits limits = limits(Map.of());
        CogVideoXLimits learned = limits(Map.of("use_learned_positional_embeddings", "true"));
        // When, Then
        assertThatThrownBy(() -> limits.requireVideo(480, 720, 5))
                .hasMessageContaining("numFrames is 5, allowed is 8n + 1");
        assertThatThrownBy(() -> limits.requireVideo(488, 720, 9))
                .hasMessageContaining("height is 488, allowed is a multiple of 16");
        assertThatThrownBy(() -> limits.latents(480, 720, 6)).hasMessageContaining("numFrames is 6, allowed is 4n + 1");
        assertThatThrownBy(() -> learned.latents(480, 704, 9))
                .hasMessageContaining("width is 704, allowed is a multiple of 16, from 720 to 720");
        learned.requireVideo(480, 720, 9);
    }

    @Test
    void refusesComponentsThatDoNotFitEachOther() {
        assertThatThrownBy(() -> limits(Map.of("in_channels", "32")))
                .hasMessageContaining("in_channels and out_channels are 32 and 16");
        assertThatThrownBy(() -> limits(Map.of("text_embed_dim", "64")))
                .hasMessageContaining("text_embed_dim is 64, allowed is the text encoder's d_model: 4096");
    }

    @Test
    void estimatesGrowWithTheVideo() {
        // Given
        CogVideoXLimits limits = limits(Map.of());
        // When
        long small = limits.denoising(240, 360 - 8, 9, 2, Precision.F32);
        long large = limits.denoising(480, 720, 49, 2, Precision.F32);
        // Then
        assertThat(large).isGreaterThan(4 * small);
        assertThat(limits.decoding(480, 720, Precision.F32)).isGreaterThan(limits.decoding(240, 352, Precision.F32));
        assertThat(limits.samplerWeights(Precision.BF16)).isBetween((long) (2 * 10.2e9), (long) (2 * 10.6e9));
        assertThat(limits.vaeWeights(Precision.F32)).isBetween(4L * 200_000_000, 4L * 230_000_000);
    }

    @Test
    void knowsTheDefaultsOfItsPipeline() {
        // Given
        VideoModel model = Families.open(ReferenceTensors.golden("models/cogvideox-5b-pipeline"));
        // When
        PipelineDefaults defaults = model.defaults();
        // Then
        assertThat(defaults.height()).isEqualTo(48);
        assertThat(defaults.width()).isEqualTo(64);
        assertThat(defaults.frames()).isEqualTo(9);
        assertThat(defaults.flowShift()).isEqualTo(1);
        assertThat(defaults.scheduler()).isEqualTo("ddim");
        assertThat(defaults.schedulers()).containsExactly("ddim", "sde-dpm++");
        assertThat(model.cost(3)).usingRecursiveComparison().isEqualTo(model.cost(226));
    }
}
