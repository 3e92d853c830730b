package io.lowpass.models.wan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.ForwardPass;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.SubLayers;
import io.lowpass.diffusion.conditioning.ImageCondition;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Noise;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WanTransformerTest {

    private static final VideoSpec CLIP = new VideoSpec(32, 32, 9, 16, 5);

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    private static WanTransformer small(Precision precision) {
        return WanTransformer.load(ReferenceTensors.golden("models/wan-transformer"), precision, Device.cpu());
    }

    private static WanTransformer demo(Precision precision) {
        return WanTransformer.load(ReferenceTensors.demoModel().resolve("transformer"), precision, Device.cpu());
    }

    private static PromptEmbedding whole(NDArray states) {
        return new PromptEmbedding(states, Math.toIntExact(states.getShape().get(1)));
    }

    /** Text states of random words, then rows of zeros. */
    private NDArray padded(int words, int rows, int width) {
        NDArray states = Noise.normal(manager, 3, new Shape(1, words, width));
        NDArray zeros = manager.zeros(new Shape(1, rows - words, width), DataType.FLOAT32);
        return NDArrays.concat(new NDList(states, zeros), 1);
    }

    private static NDArray predict(WanTransformer transformer, NDArray latents, PromptEmbedding prompt, SubLayers way) {
        ForwardPass pass =
                transformer.embed(latents, 640, CLIP).pass(transformer.condition(latents.getManager(), prompt, CLIP));
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
    @ValueSource(strings = {"wan-transformer-0", "wan-transformer-1", "wan-transformer-2"})
    void computesWhatTheReferenceComputes(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name);
                WanTransformer transformer = WanTransformer.load(reference.model(), Precision.F32, Device.cpu())) {
            NDArray latents = reference.tensor("in.hidden_states");
            double timestep = reference.tensor("in.timestep").toFloatArray()[0];
            // When
            Map<String, NDArray> seen =
                    transformer.inspect(latents, timestep, whole(reference.tensor("in.encoder_hidden_states")), CLIP);
            // Then
            assertThat(reference.names().stream().filter(key -> key.startsWith("out.")))
                    .allSatisfy(key -> reference.assertClose(key, seen.get(key.substring("out.".length()))));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 39, 40})
    void paddingFoldedIntoOneRowChangesNothing(int words) {
        // Given
        NDArray states = padded(words, 40, 24);
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 16, 2, 6, 4));
        try (WanTransformer transformer = small(Precision.F32)) {
            // When
            NDArray folded = predict(transformer, latents, new PromptEmbedding(states, words), SubLayers.COMPUTE);
            NDArray full = predict(transformer, latents, whole(states), SubLayers.COMPUTE);
            // Then
            assertThat(difference(folded, full)).isLessThan(1e-5f);
        }
    }

    @Test
    void fusedBlocksEqualTheirSubLayersBitForBit() {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 16, 2, 6, 4));
        PromptEmbedding prompt = new PromptEmbedding(padded(5, 16, 24), 5);
        try (WanTransformer transformer = small(Precision.F32)) {
            // When
            NDArray fused = predict(transformer, latents, prompt, SubLayers.COMPUTE);
            NDArray apart = predict(transformer, latents, prompt, (subLayer, compute) -> compute.get());
            // Then
            assertThat(apart.toFloatArray()).isEqualTo(fused.toFloatArray());
        }
    }

    @Test
    void manyTokensTakeTheFeedForwardLayerInParts() {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 16, 3, 40, 40));
        PromptEmbedding prompt = new PromptEmbedding(padded(5, 16, 24), 5);
        try (WanTransformer transformer = small(Precision.F32)) {
            // When
            NDArray prediction = predict(transformer, latents, prompt, SubLayers.COMPUTE);
            // Then
            assertThat(prediction.getShape()).isEqualTo(latents.getShape());
            assertThat(prediction.isNaN().any().getBoolean()).isFalse();
        }
    }

    @Test
    void halfPrecisionStaysCloseToFull() {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 16, 2, 8, 8));
        PromptEmbedding prompt = new PromptEmbedding(padded(5, 16, 128), 5);
        try (WanTransformer full = demo(Precision.F32);
                WanTransformer half = demo(Precision.BF16)) {
            // When
            NDArray expected = predict(full, latents, prompt, SubLayers.COMPUTE);
            NDArray prediction = predict(half, latents, prompt, SubLayers.COMPUTE);
            // Then
            assertThat(prediction.getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat(difference(prediction, expected)).isLessThan(0.05f);
        }
    }

    @Test
    void refusesLatentsAndPromptsOfOtherShapes() {
        try (WanTransformer transformer = small(Precision.F32)) {
            // Given
            Shape odd = new Shape(1, 16, 1, 5, 4);
            Shape other = new Shape(1, 4, 1, 4, 4);
            NDArray narrow = manager.zeros(new Shape(1, 3, 23));
            NDArray states = manager.zeros(new Shape(1, 3, 24));
            // When
            // Then
            assertThatThrownBy(() -> transformer.embed(manager.zeros(odd), 1, CLIP))
                    .hasMessageContaining("latent height of 5 is not a multiple of 2");
            assertThatThrownBy(() -> transformer.embed(manager.zeros(new Shape(1, 16, 1025, 2, 2)), 1, CLIP))
                    .hasMessageContaining("latent frames of 1025 is not a multiple of 1 from 1 to 1024");
            assertThatThrownBy(() -> transformer.embed(manager.zeros(other), 1, CLIP))
                    .hasMessageContaining("latents have shape (1, 4, 1, 4, 4), expected (1, 16");
            assertThatThrownBy(() -> transformer.condition(manager, new PromptEmbedding(narrow, 1), CLIP))
                    .hasMessageContaining("text states have shape (1, 3, 23), expected (1, length, 24)");
            assertThatThrownBy(() -> transformer.condition(manager, new PromptEmbedding(states, 4), CLIP))
                    .hasMessageContaining("prompt length 4 is not within 0 to 3");
        }
    }

    @Test
    void refusesAClipWhoseImageDoesNotFit() {
        // Given
        Path folder = ReferenceTensors.golden("models/wan-i2v-pipeline/transformer");
        try (NDManager manager = NDManager.newBaseManager();
                WanTransformer transformer = WanTransformer.load(folder, Precision.F32, Device.cpu())) {
            NDArray latents = manager.zeros(new Shape(1, 4, 1, 4, 4));
            NDArray condition = manager.zeros(new Shape(1, 8, 1, 4, 4));
            PromptEmbedding prompt = new PromptEmbedding(manager.zeros(new Shape(1, 3, 24)), 3);
            VideoSpec blind = CLIP.from(new ImageCondition(condition, Optional.empty()));
            VideoSpec narrow = CLIP.from(new ImageCondition(
                    manager.zeros(new Shape(1, 4, 1, 4, 4)), Optional.of(manager.zeros(new Shape(1, 17, 19)))));
            // When
            // Then
            assertThatThrownBy(() -> transformer.embed(latents, 1, CLIP)).hasMessageContaining("image is missing");
            assertThatThrownBy(() -> transformer.condition(manager, prompt, CLIP))
                    .hasMessageContaining("image is missing");
            assertThatThrownBy(() -> transformer.condition(manager, prompt, blind))
                    .hasMessageContaining("the image's states are missing: image_dim is 20");
            assertThatThrownBy(() -> transformer.condition(manager, prompt, narrow))
                    .hasMessageContaining("states have shape (1, 17, 19), expected (1, rows, 20)");
            assertThatThrownBy(() -> transformer.embed(latents, 1, narrow))
                    .hasMessageContaining("the image's latents have shape (1, 4, 1, 4, 4), expected (1, 8, 1, 4, 4)");
        }
    }

    @Test
    void refusesAnImageWhereLatentsAreAllThereIs() {
        try (NDManager manager = NDManager.newBaseManager();
                WanTransformer transformer = WanTransformer.load(
                        ReferenceTensors.golden("models/wan-pipeline/transformer"), Precision.F32, Device.cpu())) {
            int channels = transformer.config().outChannels();
            NDArray latents = manager.zeros(new Shape(1, channels, 1, 4, 4));
            // When
            // Then
            assertThatThrownBy(() ->
                            transformer.embed(latents, 1, CLIP.from(new ImageCondition(latents, Optional.empty()))))
                    .hasMessageContaining("image is given, allowed is none");
        }
    }
}
