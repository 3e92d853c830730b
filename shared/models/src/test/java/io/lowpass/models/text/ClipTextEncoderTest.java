package io.lowpass.models.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.tensor.Precision;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClipTextEncoderTest {

    private static ObjectNode settings() {
        return ReferenceTensors.json(ReferenceTensors.golden("models/clip-text/config.json"))
                .deepCopy();
    }

    @Test
    void encodesWhatTheReferenceEncodes() {
        // Given
        try (ReferenceTensors reference = new ReferenceTensors("clip-text-0");
                ClipTextEncoder encoder = ClipTextEncoder.open(reference.model(), Device.cpu(), Precision.F32)) {
            // When
            ClipTextEncoder.Encoded encoded = encoder.encode(
                    reference.manager(), reference.tensor("in.input_ids").toLongArray());
            // Then
            reference.assertClose("out.last_hidden_state", encoded.states());
            reference.assertClose("out.pooler_output", encoded.pooled());
        }
    }

    @Test
    void theTextEndsAtItsFirstEndToken() {
        // Given
        try (ClipTextEncoder encoder =
                ClipTextEncoder.open(ReferenceTensors.golden("models/clip-text"), Device.cpu(), Precision.F32)) {
            // When, Then
            assertThat(encoder.end(62, 5, 63, 63)).isEqualTo(2);
            assertThat(encoder.end(62, 5, 7)).isZero();
        }
    }

    @Test
    void oldFilesMeanTheLargestId() {
        // Given
        ObjectNode json = settings();
        json.put("eos_token_id", 2);
        // When
        ClipTextConfig config = ClipTextConfig.of(ComponentConfig.of("config.json", json));
        // Then
        assertThat(config.endId()).isEmpty();
    }

    @Test
    void refusesWhatItCannotEncode() {
        // Given
        try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
                ClipTextEncoder encoder = ClipTextEncoder.open(
                        ReferenceTensors.golden("models/clip-text"), Device.cpu(), Precision.F32)) {
            // When, Then
            assertThatThrownBy(() -> encoder.encode(manager, new long[25]))
                    .hasMessageContaining("25 token ids, allowed is 1 to max_position_embeddings: 24");
            assertThatThrownBy(() -> encoder.encode(manager, 64))
                    .hasMessageContaining("token id 64, allowed is 0 to 63");
        }
    }

    @Test
    void namesTheParametersOfThePublicCheckpoint() {
        // Given
        Manifest manifest = Manifest.read("hunyuanvideo.text_encoder_2");
        ClipTextConfig config = ClipTextConfig.of(manifest.config());
        // When, Then
        assertThatCode(() -> config.architecture().requireMatch(manifest.shapes()))
                .doesNotThrowAnyException();
        assertThatCode(() -> config.architecture()
                        .requireMatch(manifest.shapes().entrySet().stream()
                                .collect(Collectors.toMap(
                                        entry -> entry.getKey().replaceFirst("^text_model\\.", ""),
                                        Map.Entry::getValue))))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "model_type | \"clip\" | model_type is \"clip\", allowed is \"clip_text_model\"",
                "hidden_act | \"mish\" | hidden_act is \"mish\", allowed is",
                "num_attention_heads | 5 | num_attention_heads is 5, allowed is a divisor of hidden_size: 32",
                "eos_token_id | [1, 2] | eos_token_id is [1,2], allowed is a whole number of at least 0"
            })
    void refusesSettingsThatItDoesNotImplement(String field, String value, String message) {
        // Given
        ObjectNode json = settings();
        json.set(field, ReferenceTensors.parsed(value));
        // When, Then
        assertThatThrownBy(() -> ClipTextConfig.of(ComponentConfig.of("config.json", json)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("config.json: " + message);
    }
}
