package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.streaming.settings.ConfiguredModels;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The models of a sampler as it finds them: in a catalogue, changed by variables and properties. */
class SamplerModelSettingsTest {

    @TempDir
    private Path directory;

    private Map<String, SamplerModelSettings.Model> models(
            String name, Map<String, String> variables, Map<String, String> properties) throws IOException {
        Path file = Files.writeString(directory.resolve("models.yaml"), """
                defaultModel: NAME
                models:
                  - name: NAME
                    sizeMultiple: 16
                    frameMultiple: 4
                    size: 832x480
                    numFrames: 81
                    fps: 16
                    steps: 50
                    guidanceScale: 5
                    scheduler: unipc
                    worker: {folder: /models/wan, device: gpu:0, dtype: bf16}
                """.replace("NAME", name));
        Map<String, String> said = new HashMap<>(properties);
        said.put(ModelCatalogue.SETTING, file.toString());
        SamplerModelSettings settings = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredInterceptors()
                .addDiscoveredSources()
                .withSources(new PropertiesConfigSource(said, "said", 400))
                .withSources(new EnvConfigSource(variables, 300))
                .withMapping(SamplerModelSettings.class)
                .build()
                .getConfigMapping(SamplerModelSettings.class);
        return ConfiguredModels.of(settings.byName(), SamplerModelSettings.Model::folder);
    }

    private static void assertTheSameButForItsDevice(Map<String, SamplerModelSettings.Model> models, String name) {
        assertThat(models).containsOnlyKeys(name);
        assertThat(models.get(name)).satisfies(model -> {
            assertThat(model.folder()).contains("/models/wan");
            assertThat(model.device()).isEqualTo("cpu");
            assertThat(model.dtype()).isEqualTo("bf16");
            assertThat(model.weights()).isEqualTo("auto");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "wan-1.3b, LOWPASS_MODELS__WAN_1_3B__DEVICE",
        "wan-14b, LOWPASS_MODELS_WAN_14B_DEVICE",
        "wan-14b, LOWPASS_MODELS__WAN_14B__DEVICE",
        "HunyuanVideo, LOWPASS_MODELS_HUNYUANVIDEO_DEVICE",
        "HunyuanVideo, LOWPASS_MODELS__HUNYUANVIDEO__DEVICE",
        "demo, LOWPASS_MODELS_DEMO_DEVICE",
        "demo, LOWPASS_MODELS__DEMO__DEVICE"
    })
    void aVariableChangesOneSettingOfAModel(String name, String variable) throws IOException {
        // When, Then
        assertTheSameButForItsDevice(models(name, Map.of(variable, "cpu"), Map.of()), name);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            value = {
                "wan-1.3b, lowpass.models.\"wan-1.3b\".device",
                "wan-14b, lowpass.models.wan-14b.device",
                "wan-14b, lowpass.models.\"wan-14b\".device",
                "HunyuanVideo, lowpass.models.HunyuanVideo.device",
                "HunyuanVideo, lowpass.models.\"HunyuanVideo\".device"
            })
    void soDoesAPropertyInEitherSpelling(String name, String property) throws IOException {
        // When, Then
        assertTheSameButForItsDevice(models(name, Map.of(), Map.of(property, "cpu")), name);
    }

    @Test
    void aVariableThatMovesTheFolderMakesNoSecondModel() throws IOException {
        // When
        Map<String, SamplerModelSettings.Model> models =
                models("wan-1.3b", Map.of("LOWPASS_MODELS__WAN_1_3B__FOLDER", "/elsewhere"), Map.of());
        // Then
        assertThat(models).containsOnlyKeys("wan-1.3b");
        assertThat(models.get("wan-1.3b").folder()).contains("/elsewhere");
    }

    @Test
    void modelsOfTheirOwnNamesMayShareAFolder() throws IOException {
        // When
        Map<String, SamplerModelSettings.Model> models = models(
                "wan-1.3b",
                Map.of(),
                Map.of("lowpass.models.second.folder", "/models/wan", "lowpass.models.\"third\".folder", "/third"));
        // Then
        assertThat(models).containsOnlyKeys("wan-1.3b", "second", "third");
    }
}
