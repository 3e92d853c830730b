package io.lowpass.models.hunyuan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HunyuanTransformerTest {

    private static final VideoSpec CLIP = new VideoSpec(48, 64, 9, 15, 6);

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    private static HunyuanTransformer small(Precision precision) {
        return HunyuanTransformer.load(ReferenceTensors.golden("models/hunyuan-transformer"), precision, Device.cpu());
    }

    private PromptEmbedding prompt(int rows, int length) {
        return new PromptEmbedding(
                Noise.normal(manager, 3, new Shape(1, rows, 20)),
                length,
                Optional.of(Noise.normal(manager, 5, new Shape(1, 12))));
    }

    private NDArray latents() {
        return Noise.normal(manager, 8, new Shape(1, 4, 3, 6, 8));
    }

    private static NDArray predict(
            HunyuanTransformer transformer, NDArray latents, PromptEmbedding prompt, VideoSpec spec) {
        return predict(transformer, latents, prompt, spec, SubLayers.COMPUTE);
    }

    private static NDArray predict(
            HunyuanTransformer transformer, NDArray latents, PromptEmbedding prompt, VideoSpec spec, SubLayers way) {
        ForwardPass pass =
                transformer.embed(latents, 640, spec).pass(transformer.condition(latents.getManager(), prompt, spec));
        Features features = pass.input();
        for (int i = 0; i < pass.depth(); i++) {
            features = pass.block(i, features, way);
        }
        return pass.head(features);
    }

    private static float difference(NDArray one, NDArray other) {
        return one.sub(other).abs().max().getFloat() / other.abs().max().getFloat();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hunyuan-transformer-0", "hunyuan-transformer-1"})
    void computesWhatTheReferenceComputes(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name);
                HunyuanTransformer transformer =
                        HunyuanTransformer.load(reference.model(), Precision.F32, Device.cpu())) {
            int length =
                    (int) reference.tensor("in.encoder_attention_mask").sum().getLong();
            PromptEmbedding prompt = new PromptEmbedding(
                    reference.tensor("in.encoder_hidden_states"),
                    length,
                    Optional.of(reference.tensor("in.pooled_projections")));
            double guidance = reference.tensor("in.guidance").toFloatArray()[0] / 1000.0;
            // When
            Map<String, NDArray> seen = transformer.inspect(
                    reference.tensor("in.hidden_states"),
                    reference.tensor("in.timestep").toFloatArray()[0],
                    prompt,
                    new VideoSpec(48, 64, 9, 15, guidance));
            // Then
            assertThat(reference.names().stream().filter(key -> key.startsWith("out.")))
                    .allSatisfy(key -> reference.assertClose(key, seen.get(key.substring("out.".length()))));
        }
    }

    @Test
    void rowsOfPaddingChangeNothingWhateverTheyHold() {
        // Given
        PromptEmbedding padded = prompt(14, 9);
        PromptEmbedding real = new PromptEmbedding(padded.states().get(":, :9"), 9, padded.pooled());
        NDArray latents = latents();
        try (HunyuanTransformer transformer = small(Precision.F32)) {
            // When
            NDArray whole = transformer.inspect(latents, 640, padded, CLIP).get("sample");
            NDArray left = predict(transformer, latents, real, CLIP);
            NDArray dropped = predict(transformer, latents, padded, CLIP);
            // Then
            assertThat(difference(left, whole)).isLessThan(1e-5f);
            assertThat(dropped.toFloatArray()).isEqualTo(left.toFloatArray());
        }
    }

    @Test
    void isToldOfTheGuidanceScale() {
        // Given
        NDArray latents = latents();
        try (HunyuanTransformer transformer = small(Precision.F32)) {
            // When
            NDArray usual = predict(transformer, latents, prompt(9, 9), CLIP);
            NDArray little = predict(transformer, latents, prompt(9, 9), new VideoSpec(48, 64, 9, 15, 1));
            // Then
            assertThat(difference(little, usual)).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "BF16"})
    void fusedBlocksEqualTheirSubLayersBitForBit(Precision precision) {
        // Given: double blocks and single ones, so few tokens that no layer takes them in parts, and many
        try (HunyuanTransformer transformer = small(precision)) {
            assertThat(transformer.lists()).hasSize(2);
            for (NDArray latents : List.of(latents(), Noise.normal(manager, 8, new Shape(1, 4, 3, 40, 40)))) {
                // When
                NDArray fused = predict(transformer, latents, prompt(12, 9), CLIP);
                NDArray apart =
                        predict(transformer, latents, prompt(12, 9), CLIP, (subLayer, compute) -> compute.get());
                // Then
                assertThat(apart.toFloatArray()).isEqualTo(fused.toFloatArray());
            }
        }
    }

    @Test
    void manyTokensTakeTheFeedForwardLayerInParts() {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 4, 3, 40, 40));
        try (HunyuanTransformer transformer = small(Precision.F32)) {
            // When
            NDArray prediction = predict(transformer, latents, prompt(9, 9), CLIP);
            // Then
            assertThat(prediction.getShape()).isEqualTo(latents.getShape());
            assertThat(prediction.isNaN().any().getBoolean()).isFalse();
        }
    }

    @Test
    void halfPrecisionStaysCloseToFull() {
        // Given
        NDArray latents = latents();
        try (HunyuanTransformer full = small(Precision.F32);
                HunyuanTransformer half = small(Precision.BF16)) {
            // When
            NDArray expected = predict(full, latents, prompt(9, 9), CLIP);
            NDArray prediction = predict(half, latents, prompt(9, 9), CLIP);
            NDArray apart = predict(half, latents, prompt(9, 9), CLIP, (subLayer, compute) -> compute.get());
            // Then
            assertThat(prediction.getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat(difference(prediction, expected)).isLessThan(0.05f);
            assertThat(difference(apart, expected)).isLessThan(0.05f);
        }
    }

    @Test
    void refusesLatentsAndPromptsOfOtherShapes() {
        try (HunyuanTransformer transformer = small(Precision.F32)) {
            // Given
            NDArray odd = manager.zeros(new Shape(1, 4, 1, 5, 4));
            PromptEmbedding bare = new PromptEmbedding(prompt(9, 9).states(), 9);
            PromptEmbedding narrow = new PromptEmbedding(manager.zeros(new Shape(1, 3, 19)), 3);
            // When, Then
            assertThatThrownBy(() -> transformer.embed(odd, 1, CLIP))
                    .hasMessageContaining("latent height of 5 is not a multiple of 2");
            assertThatThrownBy(() -> transformer.embed(manager.zeros(new Shape(1, 3, 1, 4, 4)), 1, CLIP))
                    .hasMessageContaining("expected (1, 4, frames, height, width)");
            assertThatThrownBy(() -> transformer.condition(manager, narrow, CLIP))
                    .hasMessageContaining("text states have shape (1, 3, 19), expected (1, length, 20)");
            assertThatThrownBy(() -> transformer.condition(manager, bare, CLIP))
                    .hasMessageContaining("pooled state has shape (), expected (1, 12)");
            assertThatThrownBy(() -> transformer.condition(manager, prompt(9, 0), CLIP))
                    .hasMessageContaining("prompt length 0 is not within 1 to 9");
        }
    }
}
