package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.request.ModelCard;
import io.lowpass.contracts.request.ModelCard.Worker;
import io.lowpass.contracts.request.ModelCatalogue;
import io.lowpass.encoder.EncoderModelSettings;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueCommandTest {

    private static final Path MODELS = Path.of(System.getProperty("lowpass.root"), "shared/golden/models");

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... arguments) {
        return Lowpass.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }

    @Test
    void aCatalogueSaysWhatTheFoldersSay() throws IOException {
        // When
        int code = execute(
                "catalogue",
                "--model",
                MODELS.resolve("hunyuan-pipeline").toString(),
                "--model",
                MODELS.resolve("wan-i2v-pipeline").toString(),
                "--model",
                MODELS.resolve("cogvideox-2b-pipeline").toString(),
                "--dtype",
                "bf16");
        // Then
        assertThat(code).as(err.toString()).isZero();
        ModelCatalogue catalogue =
                ModelCatalogue.read(Files.writeString(directory.resolve("models.yaml"), out.toString()));
        assertThat(catalogue.defaultModel()).isEqualTo("hunyuan-pipeline");
        ModelCard hunyuan = catalogue.find("hunyuan-pipeline").orElseThrow();
        assertThat(hunyuan.fields()).containsExactlyInAnyOrder("negativePrompt", "flowShift", "trueCfgScale");
        assertThat(hunyuan.flowShift()).isEqualTo(7);
        ModelCard fromImage = catalogue.find("wan-i2v-pipeline").orElseThrow();
        assertThat(fromImage.needs()).containsExactly("image");
        assertThat(fromImage.limits().frames()).isPositive();
        ModelCard cogvideox = catalogue.find("cogvideox-2b-pipeline").orElseThrow();
        assertThat(cogvideox.schedulers()).isEqualTo(List.of("ddim", "sde-dpm++"));
        assertThat(cogvideox.fields()).contains("useDynamicCfg");
        assertThat(cogvideox.worker()).hasValueSatisfying(worker -> {
            assertThat(worker.folder())
                    .isEqualTo(MODELS.resolve("cogvideox-2b-pipeline").toString());
            assertThat(worker.dtype()).contains("bf16");
        });
    }

    @Test
    void aFolderThatIsNoModelIsAUsageError() {
        // When, Then
        assertThat(execute("catalogue", "--model", directory.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("--model").contains(directory.toString());
    }

    /** A model under another name. */
    private Path called(String name) throws IOException {
        return Files.createSymbolicLink(directory.resolve(name), MODELS.resolve("wan-pipeline"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.3", "14", "1_000", "true", "null"})
    void aFolderMayBeCalledWhatYamlTakesForSomethingElse(String name) throws IOException {
        // When
        int code = execute("catalogue", "--model", called(name).toString());
        // Then
        assertThat(code).as(err.toString()).isZero();
        ModelCatalogue catalogue =
                ModelCatalogue.read(Files.writeString(directory.resolve("models.yaml"), out.toString()));
        assertThat(catalogue.defaultModel()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"模型", "a2345678901234567890123456789012345678901234567890123456789012345"})
    void aFolderOfWhichNoNameCanBeMadeIsAUsageError(String name) throws IOException {
        // When
        int code = execute("catalogue", "--model", called(name).toString());
        // Then
        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("--model").contains(name).contains("allowed is 1 to 64 of A-Z");
    }

    @Test
    void whatOptionsSayOfModelsNoVariableChanges() {
        // Given
        Map<String, String> variables = Map.of(
                "LOWPASS_SAMPLER_DEFAULT_MODEL",
                "other",
                "LOWPASS_ENCODER_DEFAULT_MODEL",
                "other",
                "LOWPASS_MODELS__WAN_PIPELINE__DEVICE",
                "gpu:0");
        Models models = Models.of(MODELS.resolve("wan-pipeline"));
        ModelCatalogue catalogue = models.catalogue(folder -> new Worker(
                folder.toString(),
                Optional.of("cpu"),
                Optional.of("gpu:1"),
                Optional.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalLong.empty()));
        // When
        SmallRyeConfig configuration = new SmallRyeConfigBuilder()
                .addDiscoveredInterceptors()
                .withMapping(EncoderModelSettings.class)
                .withSources(new EnvConfigSource(variables, 300))
                .withSources(
                        new PropertiesConfigSource(LocalStack.configuration(catalogue, directory), "properties", 400))
                .build();
        // Then
        assertThat(configuration.getConfigValue("lowpass.sampler.default-model").getValue())
                .isEqualTo("wan-pipeline");
        assertThat(configuration.getConfigValue("lowpass.encoder.default-model").getValue())
                .isEqualTo("wan-pipeline");
        assertThat(configuration
                        .getConfigValue("lowpass.models.wan-pipeline.device")
                        .getValue())
                .isEqualTo("cpu");
        // The encoder's view; a variable makes up a name besides.
        assertThat(configuration.getConfigMapping(EncoderModelSettings.class).byName())
                .hasEntrySatisfying("wan-pipeline", model -> {
                    assertThat(model.folder())
                            .contains(MODELS.resolve("wan-pipeline").toString());
                    assertThat(model.vaeDevice()).isEqualTo("gpu:1");
                })
                .hasEntrySatisfying(
                        "wan.pipeline", model -> assertThat(model.folder()).isEmpty());
        assertThat(Path.of(configuration.getConfigValue("lowpass.catalogue").getValue()))
                .hasContent(catalogue.yaml());
    }
}
