package io.lowpass.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.streaming.StageException;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.TorchThreads;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever goes wrong with the default model is told. */
class EncoderLoadingTest {

    /** Reading it fails, as it does from a disk that is broken or a share that is away. */
    private static final Path UNREADABLE = Path.of("/proc/self/mem");

    @TempDir
    private Path folder;

    @Test
    void aFileThatCannotBeReadIsTriedAgainAndSaidToBeWhy() throws IOException {
        // Given
        Files.createSymbolicLink(folder.resolve("model_index.json"), UNREADABLE);
        try (Autoencoders autoencoders = new Autoencoders(
                Map.of("demo", new Autoencoders.Location(folder, "cpu")), Precision.of("f32"), new TorchThreads(1))) {
            // Then
            assertThatThrownBy(() -> autoencoders.of("demo"))
                    .isInstanceOfSatisfying(
                            StageException.class,
                            error -> assertThat(error.isRetryable()).isTrue())
                    .hasMessageContaining("model_index.json")
                    .hasMessageContaining("cannot be read");
        }
    }

    @Test
    void aFolderThatCanBeReadAgainIsToldSoWithTheNextHeartbeat() throws IOException {
        // Given
        Path demo = Path.of(System.getProperty("lowpass.root"), "shared/demo-model");
        Path late = folder.resolve("late");
        try (Autoencoders autoencoders = new Autoencoders(
                Map.of("demo", new Autoencoders.Location(late, "cpu")), Precision.of("f32"), new TorchThreads(1))) {
            assertThat(autoencoders.states())
                    .singleElement()
                    .satisfies(state -> assertThat(state.problem()).isPresent());
            // When
            Files.createSymbolicLink(late, demo);
            // Then
            assertThat(autoencoders.states())
                    .singleElement()
                    .satisfies(state -> assertThat(state.problem()).isEmpty());
        }
    }

    @Test
    void anErrorThatNobodyExpectsIsWhyTheEncoderIsNotReady() {
        // Given: a device that the machine lacks, which only the engine knows
        Path demo = Path.of(System.getProperty("lowpass.root"), "shared/demo-model");
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(EncoderSettings.class)
                .withMapping(EncoderModelSettings.class)
                .withDefaultValue("lowpass.models.demo.folder", demo.toString())
                .withDefaultValue("lowpass.models.demo.vae-device", "gpu:99")
                .build();
        EncoderService service = new EncoderService(
                config.getConfigMapping(EncoderSettings.class),
                config.getConfigMapping(EncoderModelSettings.class),
                "localhost:1",
                new SimpleMeterRegistry());
        assertThat(service.problem()).contains("not loaded ");
        // When
        service.load();
        // Then
        assertThat(service.problem())
                .hasValueSatisfying(why -> assertThat(why).hasSizeGreaterThan("not loaded ".length()));
    }
}
