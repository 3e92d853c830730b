package io.lowpass.models.opensora;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.opensora.vae.OpenSoraVae;
import io.lowpass.models.opensora.vae.OpenSoraVaeConfig;
import io.lowpass.tensor.Architecture;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class OpenSoraManifestTest {

    private static JsonNode manifest(String component) {
        return ReferenceTensors.json(ReferenceTensors.golden("manifests/opensora-1.2." + component + ".json"));
    }

    private static Map<String, Shape> shapes(JsonNode manifest) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        manifest.get("parameters")
                .properties()
                .forEach(parameter -> shapes.put(
                        parameter.getKey(),
                        new Shape(StreamSupport.stream(parameter.getValue().spliterator(), false)
                                .mapToLong(JsonNode::asLong)
                                .toArray())));
        return shapes;
    }

    @Test
    void theTransformerHasTheParametersOfThePublicFileAndNoOthers() {
        // Given
        JsonNode manifest = manifest("transformer");
        // When
        Architecture architecture =
                OpenSoraArchitecture.of(OpenSoraConfig.of(ComponentConfig.of("transformer", manifest.get("config"))));
        // Then
        assertThat(architecture.parameters()).isEqualTo(shapes(manifest));
        assertThat(architecture.size() / 1e9).isBetween(1.20, 1.22);
    }

    @Test
    void theAutoencoderHasTheParametersOfThePublicFileAndNoOthers() {
        // Given
        JsonNode manifest = manifest("vae");
        // When
        Architecture architecture =
                OpenSoraVae.architecture(OpenSoraVaeConfig.of(ComponentConfig.of("vae", manifest.get("config"))));
        // Then
        assertThat(architecture.parameters()).isEqualTo(shapes(manifest));
        assertThat(architecture.size() / 1e6).isBetween(393.0, 394.0);
    }

    @Test
    void whatThePublishedSettingsLeaveOutIsBuiltIn() {
        // Given
        JsonNode published = ReferenceTensors.parsed("""
                {"model_type": "VideoAutoencoderPipeline",
                 "vae_2d": {"type": "VideoAutoencoderKL", "from_pretrained": "x", "subfolder": "vae"},
                 "vae_temporal": {"type": "VAE_Temporal_SD", "from_pretrained": null}}""");
        // When
        OpenSoraVaeConfig read = OpenSoraVaeConfig.of(ComponentConfig.of("vae", published));
        // Then
        assertThat(OpenSoraVae.architecture(read).parameters()).isEqualTo(shapes(manifest("vae")));
        assertThat(read.latentFrames(1)).isEqualTo(1);
        assertThat(read.latentFrames(51)).isEqualTo(15);
        assertThat(read.latentFrames(192)).isEqualTo(57);
    }
}
