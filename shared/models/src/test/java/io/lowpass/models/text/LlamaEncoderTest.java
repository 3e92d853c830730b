package io.lowpass.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Precision;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaEncoderTest {

    private static LlamaEncoder small(Precision precision, int skipped) {
        return LlamaEncoder.open(ReferenceTensors.golden("models/llama"), Device.cpu(), precision, skipped);
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama-0", "llama-1"})
    void encodesWhatTheReferenceEncodes(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name);
                LlamaEncoder encoder = LlamaEncoder.open(
                        reference.model(),
                        Device.cpu(),
                        Precision.F32,
                        reference.settings().get("hidden_state_skip_layer").asInt())) {
            long[] ids = reference.tensor("in.input_ids").toLongArray();
            long real = reference.tensor("out.hidden_states").getShape().get(1);
            // When
            NDArray states = encoder.encode(
                    reference.manager(), LongStream.of(ids).limit(real).toArray());
            // Then
            reference.assertClose("out.hidden_states", states);
        }
    }

    @Test
    void comesCloseInBfloat16() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                LlamaEncoder full = small(Precision.F32, 0);
                LlamaEncoder half = small(Precision.BF16, 0)) {
            NDArray expected = full.encode(manager, 3, 6, 63, 69);
            // When
            NDArray states = half.encode(manager, 3, 6, 63, 69);
            // Then
            double error = states.sub(expected).abs().mean().getFloat()
                    / expected.abs().mean().getFloat();
            assertThat(error).isBetween(1e-9, 0.05);
        }
    }

    @Test
    void tokensLookBackOnly() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                LlamaEncoder encoder = small(Precision.F32, 1)) {
            // When
            NDArray states = encoder.encode(manager, 3, 6, 63);
            NDArray longer = encoder.encode(manager, 3, 6, 63, 69, 37);
            // Then
            assertThat(manager.getManagedArrays()).hasSize(2);
            assertThat(states.getShape()).isEqualTo(new Shape(1, 3, 32));
            assertThat(longer.get(":, :3").sub(states).abs().max().getFloat()).isLessThan(1e-5f);
        }
    }

    @Test
    void refusesWhatItCannotEncode() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                LlamaEncoder encoder = small(Precision.F32, 2)) {
            // When, Then
            assertThatThrownBy(() -> encoder.encode(manager, 3, 80))
                    .hasMessageContaining("token id 80, allowed is 0 to 79");
            assertThatThrownBy(() -> small(Precision.F32, 5))
                    .hasMessageContaining("skipped layers are 5, allowed is 0 to 4");
        }
    }

    @Test
    void namesTheParametersOfThePublicCheckpoint() {
        // Given
        Manifest manifest = Manifest.read("hunyuanvideo.text_encoder");
        LlamaConfig config = LlamaConfig.of(manifest.config());
        // When, Then
        assertThatCode(() -> config.architecture().requireMatch(manifest.shapes()))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rope_parameters | {\"rope_type\": \"default\", \"rope_theta\": 100} | 1 | 0.1 | 0.01 | 0.001 | 1",
                "rope_parameters | {\"rope_type\": \"linear\", \"rope_theta\": 100, \"factor\": 4} |"
                        + " 0.25 | 0.025 | 0.0025 | 0.00025 | 1",
                "rope_scaling | {\"type\": \"linear\", \"factor\": 2} | 0.5 | 0.05 | 0.005 | 0.0005 | 1"
            })
    void frequenciesFollowTheFile(
            String field, String scaling, double a, double b, double c, double d, double amplitude) {
        // Given
        ObjectNode json = ReferenceTensors.json(ReferenceTensors.golden("models/llama/config.json"))
                .deepCopy();
        json.remove("rope_parameters");
        json.put("rope_theta", field.equals("rope_scaling") ? 10000 : 7);
        json.set(field, ReferenceTensors.parsed(scaling));
        // When
        RotaryFrequencies read =
                LlamaConfig.of(ComponentConfig.of("config.json", json)).rotary();
        // Then
        double root = field.equals("rope_scaling") ? 1 : Math.sqrt(10);
        assertThat((double) read.inverse().get(0)).isCloseTo(a, within(1e-7));
        assertThat((double) read.inverse().get(1)).isCloseTo(b * root, within(1e-7));
        assertThat((double) read.inverse().get(2)).isCloseTo(c * root * root, within(1e-7));
        assertThat((double) read.inverse().get(3)).isCloseTo(d * root * root * root, within(1e-7));
        assertThat(read.amplitude()).isEqualTo(amplitude);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model_type | \"qwen2\" | model_type is \"qwen2\", allowed is \"llama\"",
                "hidden_act | \"mish\" | hidden_act is \"mish\", allowed is \"silu\"",
                "num_key_value_heads | 3 | num_key_value_heads is 3, allowed is a divisor of num_attention_heads: 4",
                "head_dim | 7 | head_dim is 7, allowed is an even number",
                "num_attention_heads | 6 | num_attention_heads is 6, allowed is a divisor of hidden_size: 32",
                "rope_parameters | {\"rope_type\": \"longrope\"} | rope_parameters: rope_type is \"longrope\"",
                "rope_parameters | {\"rope_type\": \"linear\"} | rope_parameters: factor is missing"
            })
    void refusesSettingsThatItDoesNotImplement(String field, String value, String message) {
        // Given
        ComponentConfig config = ReferenceTensors.changed("llama", field, value);
        // When, Then
        assertThatThrownBy(() -> LlamaConfig.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.json: " + message);
    }
}
