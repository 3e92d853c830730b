package io.lowpass.lab.verify;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.testing.models.ModelFolders;
import io.lowpass.testing.models.TensorFile;
import io.lowpass.testing.models.TensorFile.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Cases that only some families have. */
class VerifyFamiliesTest {

    private static final Path SOLVERS = Path.of(
            System.getProperty("lowpass.root"),
            "shared/diffusion/src/test/resources/io/lowpass/diffusion/schedulers/cogvideox-reference-cases.json");
    private static final long[] LATENTS = {1, 2, 3, 2, 2};
    private static final int VALUES = 24;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void aGenerationOfOpenSoraNeedsNoIndex() throws IOException {
        // Given: one that can be made, and one whose schedule is not defined
        ModelFolders.openSora(folder.resolve("model"));
        generation("made", 17);
        generation("undefined", 16);

        // When
        JsonNode report = verify(1);

        // Then: the one is made to its end, where nothing is stored to compare it with
        assertThat(reason(report, "made")).isEqualTo("nothing was compared: the case stores no results");
        assertThat(reason(report, "undefined")).contains("numFrames is 16, allowed is 1, or 17");
    }

    @Test
    void theStochasticSolverOfCogVideoXIsFedByItself() throws IOException {
        // Given: what diffusers computed, from the first numbers of seed 7 on
        List<JsonNode> references = StreamSupport.stream(
                        JSON.readTree(SOLVERS.toFile()).spliterator(), false)
                .filter(reference ->
                        reference.at("/config/_class_name").asText().equals("CogVideoXDPMScheduler"))
                .toList();
        for (int i = 0; i < references.size(); i++) {
            solver("right-" + i, references.get(i), 7);
        }
        solver("other-noise", references.get(0), 8);

        // When
        JsonNode report = verify(1);

        // Then
        assertThat(references).isNotEmpty();
        for (int i = 0; i < references.size(); i++) {
            assertThat(status(report, "right-" + i)).as(report.toString()).isEqualTo("passed");
        }
        assertThat(status(report, "other-noise")).isEqualTo("failed");
    }

    @Test
    void aStochasticSolverWithoutTheSeedOfItsNoiseIsNotTried() throws IOException {
        // Given
        solver("seedless", JSON.readTree(SOLVERS.toFile()).get(5), 7);
        Path text = folder.resolve("seedless/case.json");
        ObjectNode reference = (ObjectNode) JSON.readTree(text.toFile());
        ((ObjectNode) reference.path("settings")).remove("seed");
        Files.writeString(text, reference.toString());

        // When
        JsonNode report = verify(0);

        // Then
        assertThat(status(report, "seedless")).isEqualTo("unsupported");
        assertThat(report.toString()).contains("without the seed of the noise that it adds");
    }

    private void generation(String name, int frames) throws IOException {
        ObjectNode reference = JSON.createObjectNode().put("component", "generation");
        reference.put("model", "../model").put("tolerance", 1e-3);
        reference
                .putObject("settings")
                .put("prompt", "a small red ball")
                .put("seed", 7)
                .put("height", 48)
                .put("width", 68)
                .put("numFrames", frames)
                .put("steps", 2)
                .put("guidanceScale", 7);
        Files.writeString(Files.createDirectories(folder.resolve(name)).resolve("case.json"), reference.toString());
    }

    private void solver(String name, JsonNode stored, long seed) throws IOException {
        int steps = stored.path("timesteps").size();
        ObjectNode reference =
                JSON.createObjectNode().put("component", "scheduler").put("tolerance", 1e-5);
        reference
                .putObject("settings")
                .put("num_inference_steps", steps)
                .put("seed", seed)
                .set("scheduler", stored.path("config"));
        float[] outputs = new float[steps * VALUES];
        float[] samples = new float[steps * VALUES];
        float[] times = new float[steps];
        for (int step = 0; step < steps; step++) {
            times[step] = (float) stored.path("timesteps").get(step).asDouble();
            for (int i = 0; i < VALUES; i++) {
                outputs[step * VALUES + i] = (float) Math.sin(step * 0.7 + i * 1.3);
                samples[step * VALUES + i] =
                        (float) stored.path("samples").get(step).get(i).asDouble();
            }
        }
        long[] all = {steps, 1, 2, 3, 2, 2};
        Path directory = Files.createDirectories(folder.resolve(name));
        Files.writeString(directory.resolve("case.json"), reference.toString());
        TensorFile.write(
                directory.resolve("tensors.safetensors"),
                Map.of(
                        "in.sample", new Tensor(LATENTS, firstNumbers()),
                        "in.model_outputs", new Tensor(all, outputs),
                        "out.samples", new Tensor(all, samples),
                        "out.timesteps", new Tensor(new long[] {steps}, times)));
    }

    private static float[] firstNumbers() {
        try (NDManager manager = NDManager.newBaseManager("PyTorch");
                NoiseSource noise = new NoiseSource(7, NoiseSource.Layout.CHANNELS_FIRST)) {
            return noise.draw(manager, new Shape(LATENTS)).toFloatArray();
        }
    }

    private JsonNode verify(int expectedExit) throws IOException {
        Path file = folder.resolve("report.json");
        StringWriter table = new StringWriter();
        CommandLine command = new CommandLine(new VerifyCommand());
        command.setOut(new PrintWriter(table));
        int exit = command.execute(folder.toString(), "--threads", "1", "--json", file.toString());
        assertThat(exit).as(table.toString()).isEqualTo(expectedExit);
        return JSON.readTree(file.toFile());
    }

    private static String status(JsonNode report, String name) {
        return of(report, name, "status");
    }

    private static String reason(JsonNode report, String name) {
        return of(report, name, "reason");
    }

    private static String of(JsonNode report, String name, String field) {
        return StreamSupport.stream(report.path("cases").spliterator(), false)
                .filter(result -> result.path("case").asText().equals(name))
                .map(result -> result.path(field).asText())
                .findFirst()
                .orElse("absent");
    }
}
