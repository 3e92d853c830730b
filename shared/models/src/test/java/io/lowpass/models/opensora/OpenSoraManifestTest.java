package io.lowpass.models.opensora;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Manifest;
import io.lowpass.models.ReferenceTensors;
import io.lowpass.models.opensora.vae.OpenSoraVaeConfig;
import io.lowpass.tensor.Architecture;
import org.junit.jupiter.api.Test;

class OpenSoraManifestTest {

    private static Manifest manifest(String component) {
        return Manifest.read("opensora-1.2." + component);
    }

    @Test
    void theTransformerHasTheParametersOfThePublicFileAndNoOthers() {
        // Given
        Manifest manifest = manifest("transformer");
        // When
        Architecture architecture = OpenSoraConfig.of(manifest.config()).architecture();
        // Then
        assertThat(architecture.parameters()).isEqualTo(manifest.shapes());
        assertThat(architecture.size() / 1e9).isBetween(1.20, 1.22);
    }

    @Test
    void theAutoencoderHasTheParametersOfThePublicFileAndNoOthers() {
        // Given
        Manifest manifest = manifest("vae");
        // When
        Architecture architecture = OpenSoraVaeConfig.of(manifest.config()).architecture();
        // Then
        assertThat(architecture.parameters()).isEqualTo(manifest.shapes());
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
        assertThat(read.architecture().parameters()).isEqualTo(manifest("vae").shapes());
        assertThat(read.latentFrames(1)).isEqualTo(1);
        assertThat(read.latentFrames(51)).isEqualTo(15);
        assertThat(read.latentFrames(192)).isEqualTo(57);
    }
}
