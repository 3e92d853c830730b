package io.lowpass.models.opensora;

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
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenSoraTransformerTest {

    private static final VideoSpec CLIP = new VideoSpec(48, 72, 17, 24, 7);

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    private static OpenSoraTransformer small(Precision precision) {
        return OpenSoraTransformer.load(
                ReferenceTensors.golden("models/opensora-transformer"), precision, Device.cpu());
    }

    private PromptEmbedding caption(int rows) {
        return new PromptEmbedding(Noise.normal(manager, 3, new Shape(1, 12, 16)), rows);
    }

    private static NDArray predict(
            OpenSoraTransformer transformer, NDArray latents, PromptEmbedding prompt, VideoSpec spec, SubLayers way) {
        NDManager owner = latents.getManager();
        ForwardPass pass = transformer.embed(latents, 640, spec).pass(transformer.condition(owner, prompt, spec));
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
    @ValueSource(strings = {"opensora-transformer-0", "opensora-transformer-1", "opensora-transformer-2"})
    void computesWhatTheReferenceComputes(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name);
                OpenSoraTransformer transformer =
                        OpenSoraTransformer.load(reference.model(), Precision.F32, Device.cpu())) {
            Map<String, NDArray> inputs = new LinkedHashMap<>();
            reference.names().stream()
                    .filter(key -> key.startsWith("in."))
                    .forEach(key -> inputs.put(key.substring("in.".length()), reference.tensor(key)));
            // When
            Map<String, NDArray> seen = OpenSoraInspection.ofBatch(transformer, inputs);
            // Then
            assertThat(reference.names().stream().filter(key -> key.startsWith("out.")))
                    .allSatisfy(key -> reference.assertClose(key, seen.get(key.substring("out.".length()))));
        }
    }

    @Test
    void rowsOfPaddingAreNotAttendedTo() {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 4, 2, 6, 4));
        PromptEmbedding padded = caption(5);
        PromptEmbedding cut = new PromptEmbedding(padded.states().get(":, :5"), 5);
        try (OpenSoraTransformer transformer = small(Precision.F32)) {
            // When
            NDArray one = predict(transformer, latents, padded, CLIP, SubLayers.COMPUTE);
            NDArray other = predict(transformer, latents, cut, CLIP, SubLayers.COMPUTE);
            // Then
            assertThat(one.toFloatArray()).isEqualTo(other.toFloatArray());
        }
    }

    @Test
    void fusedBlocksEqualTheirSubLayersBitForBit() {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 4, 3, 5, 4));
        try (OpenSoraTransformer transformer = small(Precision.F32)) {
            // When
            NDArray fused = predict(transformer, latents, caption(5), CLIP, SubLayers.COMPUTE);
            NDArray apart = predict(transformer, latents, caption(5), CLIP, (subLayer, compute) -> compute.get());
            // Then
            assertThat(apart.toFloatArray()).isEqualTo(fused.toFloatArray());
        }
    }

    @Test
    void manyTokensAreTakenInParts() {
        // Given: more tokens than one part of any layer holds, in frames that no part divides evenly
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 4, 7, 91, 78));
        try (OpenSoraTransformer transformer = small(Precision.F32)) {
            // When
            NDArray prediction = predict(transformer, latents, caption(5), CLIP, SubLayers.COMPUTE);
            // Then
            assertThat(prediction.getShape()).isEqualTo(latents.getShape());
            assertThat(prediction.isNaN().any().getBoolean()).isFalse();
        }
    }

    @Test
    void halfPrecisionStaysCloseToFull() {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 4, 5, 8, 8));
        try (OpenSoraTransformer full = small(Precision.F32);
                OpenSoraTransformer half = small(Precision.BF16)) {
            // When
            NDArray expected = predict(full, latents, caption(5), CLIP, SubLayers.COMPUTE);
            NDArray prediction = predict(half, latents, caption(5), CLIP, SubLayers.COMPUTE);
            // Then
            assertThat(prediction.getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat(difference(prediction, expected)).isLessThan(0.05f);
        }
    }

    @Test
    void sizeAndFrameRateOfTheClipCount() {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 4, 1, 6, 8));
        try (OpenSoraTransformer transformer = small(Precision.F32)) {
            // When
            NDArray usual = predict(transformer, latents, caption(5), CLIP, SubLayers.COMPUTE);
            NDArray larger =
                    predict(transformer, latents, caption(5), new VideoSpec(96, 144, 17, 24, 7), SubLayers.COMPUTE);
            NDArray faster =
                    predict(transformer, latents, caption(5), new VideoSpec(48, 72, 17, 120, 7), SubLayers.COMPUTE);
            NDArray picture =
                    predict(transformer, latents, caption(5), new VideoSpec(48, 72, 1, 24, 7), SubLayers.COMPUTE);
            // Then
            assertThat(difference(larger, usual)).isGreaterThan(1e-3f);
            assertThat(difference(faster, usual)).isGreaterThan(1e-3f);
            assertThat(picture.toFloatArray())
                    .as("the rate of a picture is 120")
                    .isEqualTo(faster.toFloatArray());
        }
    }

    @Test
    void refusesLatentsAndCaptionsOfOtherShapes() {
        try (OpenSoraTransformer transformer = small(Precision.F32)) {
            // Given
            NDArray narrow = manager.zeros(new Shape(1, 3, 15));
            NDArray states = manager.zeros(new Shape(1, 3, 16));
            // When
            // Then
            assertThatThrownBy(() -> transformer.embed(manager.zeros(new Shape(1, 16, 1, 4, 4)), 1, CLIP))
                    .hasMessageContaining("latents have shape (1, 16, 1, 4, 4), expected (1, 4");
            assertThatThrownBy(() -> transformer.condition(manager, new PromptEmbedding(narrow, 1), CLIP))
                    .hasMessageContaining("text states have shape (1, 3, 15), expected (1, length, 16)");
            assertThatThrownBy(() -> transformer.condition(manager, new PromptEmbedding(states, 0), CLIP))
                    .hasMessageContaining("prompt length 0 is not within 1 to 3");
        }
    }
}
