package io.lowpass.streaming.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.contracts.request.ModelCatalogue;
import io.smallrye.config.PropertiesConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueSettingsTest {

    private static final String CATALOGUE = """
            defaultModel: wan-1.3b
            models:
              - name: wan-1.3b
                sizeMultiple: 16
                frameMultiple: 4
                size: 832x480
                numFrames: 81
                fps: 16
                steps: 50
                guidanceScale: 5
                scheduler: unipc
                worker: {folder: /models/wan, device: gpu:0, vaeDevice: gpu:1, dtype: bf16, weights: auto, threads: 4,
                         cacheProfiles: /profiles.json, memory: 14000000000}
              - name: elsewhere
                sizeMultiple: 16
                frameMultiple: 4
                size: 832x480
                numFrames: 81
                fps: 16
                steps: 50
                guidanceScale: 5
                scheduler: unipc
            """;

    @TempDir
    private Path directory;

    /** A configuration as a service has it: what is said to it, and what it discovers. */
    private static Config configuration(Map<String, String> said) {
        return ConfigProviderResolver.instance()
                .getBuilder()
                .addDiscoveredSources()
                .withSources(new PropertiesConfigSource(said, "said", 300))
                .build();
    }

    private Map<String, String> naming(String catalogue) throws IOException {
        Path file = Files.writeString(directory.resolve("models.yaml"), catalogue);
        return new HashMap<>(Map.of(ModelCatalogue.SETTING, file.toString()));
    }

    @Test
    void aWorkerFindsItsModelsInTheCatalogue() throws IOException {
        // When
        Config configuration = configuration(naming(CATALOGUE));
        // Then
        Map<String, String> expected = Map.of(
                "folder",
                "/models/wan",
                "device",
                "gpu:0",
                "vae-device",
                "gpu:1",
                "dtype",
                "bf16",
                "weights",
                "auto",
                "threads",
                "4",
                "cache-profiles",
                "/profiles.json",
                "memory",
                "14000000000");
        expected.forEach((name, value) -> assertThat(configuration
                        .getConfigValue("lowpass.models.\"wan-1.3b\"." + name)
                        .getValue())
                .isEqualTo(value));
        assertThat(configuration.getConfigValue("lowpass.sampler.default-model").getValue())
                .isEqualTo("wan-1.3b");
        assertThat(configuration.getConfigValue("lowpass.encoder.default-model").getValue())
                .isEqualTo("wan-1.3b");
        assertThat(configuration.getPropertyNames()).noneMatch(name -> name.contains("elsewhere"));
    }

    @Test
    void whatIsSaidElsewhereWins() throws IOException {
        // Given
        Map<String, String> said = naming(CATALOGUE);
        said.put("lowpass.models.\"wan-1.3b\".device", "cpu");
        // When
        Config configuration = configuration(said);
        // Then
        assertThat(configuration
                        .getConfigValue("lowpass.models.\"wan-1.3b\".device")
                        .getValue())
                .isEqualTo("cpu");
        assertThat(configuration
                        .getConfigValue("lowpass.models.\"wan-1.3b\".dtype")
                        .getValue())
                .isEqualTo("bf16");
    }

    @Test
    void withoutACatalogueNothingIsSaid() {
        assertThat(configuration(Map.of()).getPropertyNames()).noneMatch(name -> name.startsWith("lowpass."));
    }

    @Test
    void aBadCatalogueStopsTheServiceWithWhatIsWrong() throws IOException {
        // Given
        Map<String, String> said = naming(CATALOGUE.replace("fps: 16", "fps: 0"));
        // When, Then
        assertThatThrownBy(() -> configuration(said))
                .hasStackTraceContaining("models.yaml")
                .hasStackTraceContaining("models.elsewhere.fps is 0, allowed is a whole number from 1 to 120");
    }
}
