package io.lowpass.models.cogvideox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
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

class CogVideoXTransformerTest {

    private static final VideoSpec CLIP = new VideoSpec(32, 32, 9, 8, 6);

    private static final String SINUSOIDAL = "models/cogvideox-2b-transformer";
    private static final String ROTARY = "models/cogvideox-5b-transformer";

    private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    @AfterEach
    void close() {
        manager.close();
    }

    private static CogVideoXTransformer small(String model, Precision precision) {
        return CogVideoXTransformer.load(ReferenceTensors.golden(model), precision, Device.cpu());
    }

    private PromptEmbedding prompt(int rows) {
        return new PromptEmbedding(Noise.normal(manager, 3, new Shape(1, rows, 16)), rows);
    }

    private static NDArray predict(
            CogVideoXTransformer transformer, NDArray latents, PromptEmbedding prompt, SubLayers way) {
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

    /** What the reference computes for a batch of branches: videos with frames before channels. */
    static Map<String, NDArray> inspected(ReferenceTensors reference, CogVideoXTransformer transformer) {
        NDArray latents = reference.tensor("in.hidden_states").transpose(0, 2, 1, 3, 4);
        NDArray states = reference.tensor("in.encoder_hidden_states");
        long[] timesteps = reference.tensor("in.timestep").toLongArray();
        Map<String, NDList> parts = new LinkedHashMap<>();
        for (int i = 0; i < timesteps.length; i++) {
            NDIndex one = new NDIndex(i + ":" + (i + 1));
            NDArray text = states.get(one);
            PromptEmbedding prompt =
                    new PromptEmbedding(text, (int) text.getShape().get(1));
            transformer
                    .inspect(latents.get(one), timesteps[i], prompt, new VideoSpec(1, 1, 1, 1, 1))
                    .forEach((name, array) -> parts.computeIfAbsent(name, key -> new NDList())
                            .add(name.equals("sample") ? array.transpose(0, 2, 1, 3, 4) : array));
        }
        Map<String, NDArray> joined = new LinkedHashMap<>();
        parts.forEach(
                (name, list) -> joined.put(name, name.startsWith("rope") ? list.get(0) : NDArrays.concat(list, 0)));
        return joined;
    }

    @ParameterizedTest
    @ValueSource(strings = {"cogvideox-2b-transformer-0", "cogvideox-5b-transformer-0"})
    void computesWhatTheReferenceComputes(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name);
                CogVideoXTransformer transformer =
                        CogVideoXTransformer.load(reference.model(), Precision.F32, Device.cpu())) {
            // When
            Map<String, NDArray> seen = inspected(reference, transformer);
            // Then
            assertThat(reference.names().stream().filter(key -> key.startsWith("out.")))
                    .allSatisfy(key -> reference.assertClose(key, seen.get(key.substring("out.".length()))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SINUSOIDAL, ROTARY})
    void fusedBlocksEqualTheirSubLayersBitForBit(String model) {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 4, 2, 6, 4));
        try (CogVideoXTransformer transformer = small(model, Precision.F32)) {
            // When
            NDArray fused = predict(transformer, latents, prompt(10), SubLayers.COMPUTE);
            NDArray apart = predict(transformer, latents, prompt(10), (subLayer, compute) -> compute.get());
            // Then
            assertThat(apart.toFloatArray()).isEqualTo(fused.toFloatArray());
        }
    }

    @Test
    void manyTokensTakeTheFeedForwardLayerInParts() {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 4, 3, 40, 40));
        try (CogVideoXTransformer transformer = small(ROTARY, Precision.F32)) {
            // When
            NDArray fused = predict(transformer, latents, prompt(10), SubLayers.COMPUTE);
            NDArray apart = predict(transformer, latents, prompt(10), (subLayer, compute) -> compute.get());
            // Then
            assertThat(fused.getShape()).isEqualTo(latents.getShape());
            assertThat(apart.toFloatArray()).isEqualTo(fused.toFloatArray());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SINUSOIDAL, ROTARY})
    void halfPrecisionStaysCloseToFull(String model) {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 4, 2, 8, 8));
        try (CogVideoXTransformer full = small(model, Precision.F32);
                CogVideoXTransformer half = small(model, Precision.BF16)) {
            // When
            NDArray expected = predict(full, latents, prompt(10), SubLayers.COMPUTE);
            NDArray prediction = predict(half, latents, prompt(10), SubLayers.COMPUTE);
            // Then
            assertThat(prediction.getDataType()).isEqualTo(DataType.FLOAT32);
            assertThat(difference(prediction, expected)).isLessThan(0.05f);
        }
    }

    @Test
    void textOfAnyLengthGoesWithRotation() {
        // Given
        NDArray latents = Noise.normal(manager, 8, new Shape(1, 4, 1, 4, 4));
        try (CogVideoXTransformer transformer = small(ROTARY, Precision.F32)) {
            // When
            NDArray prediction = predict(transformer, latents, prompt(3), SubLayers.COMPUTE);
            // Then
            assertThat(prediction.isNaN().any().getBoolean()).isFalse();
        }
    }

    @Test
    void refusesLatentsAndPromptsOfOtherShapes() {
        try (CogVideoXTransformer transformer = small(SINUSOIDAL, Precision.F32)) {
            // Given
            NDArray odd = manager.zeros(new Shape(1, 4, 1, 5, 4));
            NDArray other = manager.zeros(new Shape(1, 16, 1, 4, 4));
            // When
            // Then
            assertThatThrownBy(() -> transformer.embed(odd, 1, CLIP))
                    .hasMessageContaining("latent height of 5 is not a multiple of 2");
            assertThatThrownBy(() -> transformer.embed(other, 1, CLIP))
                    .hasMessageContaining("latents have shape (1, 16, 1, 4, 4), expected (1, 4");
            assertThatThrownBy(() -> transformer.condition(manager, prompt(9), CLIP))
                    .hasMessageContaining("text states have shape (1, 9, 16), expected (1, 10, 16)");
        }
    }
}
