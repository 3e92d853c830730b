package io.lowpass.sampler;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.lowpass.contracts.request.ModelCard;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.models.families.Families;
import io.lowpass.models.pipeline.VideoModel;
import io.lowpass.sampler.PipelineGenerator.GeneratorSettings;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueCheckTest {

    private static final Path SHARED = Path.of(System.getProperty("lowpass.root"), "shared");

    @TempDir
    private Path directory;

    private ModelCard demo(String right, String wrong) throws IOException {
        String yaml = ModelCatalogue.SHIPPED.yaml().replace(right, wrong);
        return ModelCatalogue.read(Files.writeString(directory.resolve("models.yaml"), yaml))
                .find("demo")
                .orElseThrow();
    }

    private static GeneratorSettings settings(Path folder) {
        return new GeneratorSettings(folder, Device.cpu(), Precision.F32, TorchThreads.ofMachine());
    }

    @Test
    void theCatalogueThatShipsFitsItsModel() {
        // Given
        Path folder = SHARED.resolve("demo-model");
        VideoModel model = Families.open(folder);
        ModelCard card = ModelCatalogue.SHIPPED.find("demo").orElseThrow();
        // When, Then
        assertThatCode(() -> CatalogueCheck.require(card, model, settings(folder)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sizeMultiple: 16 | sizeMultiple: 8 | sizeMultiple is 8, allowed is a multiple of 16",
                "frameMultiple: 4 | frameMultiple: 2 | frameMultiple is 2, allowed is a multiple of 4",
                "'- \"unipc\"' | '- \"ddim\"' | schedulers is [euler, ddim, dpm++], allowed are some of [euler, unipc, dpm++]",
                "'- \"negativePrompt\"' | '- \"trueCfgScale\"' | fields is [trueCfgScale, flowShift], allowed are some of",
                "frames: 129 | frames: 65521 | limits.frames is 65521, allowed is at most 4093",
                "minWidth: 16 | minWidth: 1 | limits.minWidth is 1, allowed is at least 16"
            })
    void whatTheModelCannotFulfilIsSaid(String right, String wrong, String message) throws IOException {
        // Given
        Path folder = SHARED.resolve("demo-model");
        VideoModel model = Families.open(folder);
        ModelCard card = demo(right, wrong);
        // When, Then
        assertThatThrownBy(() -> CatalogueCheck.require(card, model, settings(folder)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the catalogue does not fit the folder")
                .hasMessageContaining(message);
    }

    @Test
    void whatTheModelNeedsMustBeAskedOfEveryRequest() {
        // Given
        Path folder = SHARED.resolve("golden/models/wan-i2v-pipeline");
        VideoModel model = Families.open(folder);
        ModelCard card = ModelCatalogue.SHIPPED.find("demo").orElseThrow();
        // When, Then
        assertThatThrownBy(() -> CatalogueCheck.require(card, model, settings(folder)))
                .hasMessageContaining("needs is [], allowed is what has [image]");
    }

    @Test
    void aMethodThatLacksWhatItNeedsOfTheModelIsSaid() throws IOException {
        // Given
        Path folder = SHARED.resolve("golden/models/wan-pipeline");
        VideoModel model = Families.open(folder);
        ModelCard card = demo("policy: \"none\"", "policy: \"magcache\"");
        // When, Then
        assertThatThrownBy(() -> CatalogueCheck.require(card, model, settings(folder)))
                .hasMessageContaining("the catalogue does not fit the folder")
                .hasMessageContaining("cache.magcache ratios for 50 steps of euler");
    }

    @Test
    void aShiftThatTheSchedulerOfTheModelDoesNotTakeIsSaid() throws IOException {
        // Given
        Path folder = openSora(directory.resolve("opensora"));
        VideoModel model = Families.open(folder);
        String entry = """
                defaultModel: opensora
                models:
                  - name: opensora
                    sizeMultiple: 16
                    frameMultiple: 1
                    size: 64x64
                    numFrames: 17
                    fps: 24
                    steps: 30
                    guidanceScale: 7
                    flowShift: SHIFT
                    scheduler: rflow
                    fields: []
                """;
        // When, Then
        assertThatCode(() -> CatalogueCheck.require(card(entry.replace("SHIFT", "1")), model, settings(folder)))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> CatalogueCheck.require(card(entry.replace("SHIFT", "3")), model, settings(folder)))
                .hasMessageContaining("the catalogue does not fit the folder")
                .hasMessageContaining("flowShift 3.0 with scheduler rflow");
    }

    private ModelCard card(String catalogue) throws IOException {
        return ModelCatalogue.read(Files.writeString(directory.resolve("models.yaml"), catalogue))
                .models()
                .get(0);
    }

    /** The layout in which Open-Sora is published. */
    private static Path openSora(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String component : List.of("transformer", "vae", "text_encoder")) {
            Files.createSymbolicLink(
                    folder.resolve(component), SHARED.resolve("golden/models/opensora-" + component.replace('_', '-')));
        }
        return folder;
    }
}
