package io.lowpass.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class T5EncoderTest {

    @ParameterizedTest
    @ValueSource(strings = {"umt5-0", "umt5-1", "umt5-2", "t5-0", "t5-1"})
    void encodesWhatTheReferenceEncodes(String name) {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors(name);
                T5Encoder encoder = T5Encoder.open(reference.model(), Device.cpu(), Precision.F32)) {
            long[] ids = reference.tensor("in.input_ids").toLongArray();
            int real =
                    (int) reference.tensor("out.last_hidden_state").getShape().get(1);
            // When
            NDArray states = encoder.encode(
                    reference.manager(), LongStream.of(ids).limit(real).toArray());
            // Then
            reference.assertClose("out.last_hidden_state", states);
        }
    }

    @Test
    void comesCloseInBfloat16() {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors("umt5-1");
                T5Encoder encoder = T5Encoder.open(reference.model(), Device.cpu(), Precision.BF16)) {
            NDArray expected = reference.tensor("out.last_hidden_state");
            long[] ids = reference.tensor("in.input_ids").toLongArray();
            // When
            NDArray states = encoder.encode(
                    reference.manager(),
                    LongStream.of(ids).limit(expected.getShape().get(1)).toArray());
            // Then
            double error = states.sub(expected).abs().mean().getFloat()
                    / expected.abs().mean().getFloat();
            assertThat(error).isBetween(1e-9, 0.05);
        }
    }

    @Test
    void lookAtDistancesOnly() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                T5Encoder encoder =
                        T5Encoder.open(ReferenceTensors.golden("models/umt5"), Device.cpu(), Precision.F32)) {
            long[] ids = {5, 9, 1};
            // When
            NDArray states = encoder.encode(manager, ids, new long[] {4, 5, 6});
            NDArray apart = encoder.encode(manager, ids, new long[] {0, 1, 40});
            // Then
            assertThat(states).isEqualTo(encoder.encode(manager, ids));
            assertThat(apart).isNotEqualTo(states);
        }
    }

    @Test
    void leavesNothingWithTheCallerButTheResult() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                T5Encoder encoder =
                        T5Encoder.open(ReferenceTensors.golden("models/umt5"), Device.cpu(), Precision.F32)) {
            // When
            NDArray states = encoder.encode(manager, 3, 4, 1);
            // Then
            assertThat(manager.getManagedArrays()).hasSize(1);
            assertThat(states.getShape()).isEqualTo(new Shape(1, 3, 32));
        }
    }

    @Test
    void refusesIdsOutsideTheVocabulary() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                T5Encoder encoder =
                        T5Encoder.open(ReferenceTensors.golden("models/umt5"), Device.cpu(), Precision.F32)) {
            // When, Then
            assertThatThrownBy(() -> encoder.encode(manager, 3, 61))
                    .hasMessageContaining("token id 61, allowed is 0 to 60");
            assertThatThrownBy(() -> encoder.encode(manager)).hasMessageContaining("0 token ids");
        }
    }

    @Test
    void namesTheParametersOfThePublicCheckpoint() {
        // Given
        Manifest manifest = Manifest.read("wan2.1.text_encoder");
        T5Config config = T5Config.of(manifest.config());
        Map<String, Shape> found = manifest.shapes();
        // When, Then
        assertThatCode(() -> config.architecture().requireMatch(found)).doesNotThrowAnyException();
        found.remove("shared.weight");
        assertThatCode(() -> config.architecture().requireMatch(found)).doesNotThrowAnyException();
        found.remove("encoder.embed_tokens.weight");
        assertThatThrownBy(() -> config.architecture().requireMatch(found))
                .hasMessageContaining("missing shared.weight");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "feed_forward_proj | \"relu\" | feed_forward_proj is \"relu\", allowed is \"gated-gelu\"",
                "model_type | \"bert\" | model_type is \"bert\", allowed is \"umt5\" or \"t5\"",
                "num_heads | 0 | num_heads is 0, allowed is a whole number from 1",
                "d_ff | 2.5 | d_ff is 2.5, allowed is a whole number from 1",
                "relative_attention_num_buckets | 30 | relative_attention_num_buckets is 30",
                "layer_norm_epsilon | \"x\" | layer_norm_epsilon is \"x\", allowed is a finite number"
            })
    void refusesSettingsThatItDoesNotImplement(String field, String value, String message) {
        // Given
        ComponentConfig config = ReferenceTensors.changed("umt5", field, value);
        // When, Then
        assertThatThrownBy(() -> T5Config.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.json: " + message);
    }
}
