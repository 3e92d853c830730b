package io.lowpass.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.contracts.request.ModelCard;
import io.lowpass.contracts.request.ModelCatalogue;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
