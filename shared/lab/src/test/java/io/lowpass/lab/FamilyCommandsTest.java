package io.lowpass.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.lab.bench.BenchCommand;
import io.lowpass.lab.evaluate.EvaluateCommand;
import io.lowpass.testing.models.ModelFolders;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands that make videos without the services, with a tiny model of every family. */
class FamilyCommandsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "hunyuan-pipeline, 9, 6, euler",
        "cogvideox-2b-pipeline, 9, 6, ddim",
        "cogvideox-5b-pipeline, 9, 6, ddim",
        "cogvideox-1.5, 9, 6, ddim",
        "opensora, 17, 7, rflow",
        "wan-i2v-pipeline, 5, 5, unipc",
        "wan22-pipeline, 5, 4, unipc"
    })
    void benchComparesPoliciesOnEveryFamily(String model, int frames, double guidance, String scheduler)
            throws IOException {
        // Given
        Path report = directory.resolve("bench.json");
        List<String> arguments = arguments(model, frames);
        arguments.addAll(List.of("--policies", "fixed:2", "--prompts", "1", "--steps", "4"));
        arguments.addAll(List.of("--json", report.toString()));

        // When
        int exit = execute(new BenchCommand(), arguments);

        // Then: what was not said is the family's own
        assertThat(exit).as(errors.toString()).isZero();
        JsonNode bench = JSON.readTree(report.toFile());
        assertThat(bench.path("guidance").asDouble()).isEqualTo(guidance);
        assertThat(bench.path("scheduler").asText()).isEqualTo(scheduler);
        JsonNode fixed = bench.path("policies").get(1);
        assertThat(fixed.path("computed").asInt()).isEqualTo(2);
        assertThat(fixed.path("reused").asInt()).isEqualTo(2);
        assertThat(fixed.path("macs").asDouble() * 2)
                .isEqualTo(bench.path("policies").get(0).path("macs").asDouble());
        assertThat(fixed.path("psnr").asDouble()).isLessThan(100);
    }

    @ParameterizedTest
    @CsvSource({
        "hunyuan-pipeline, 5, euler, 96x64",
        "cogvideox-2b-pipeline, 9, sde-dpm++, 96x64",
        "cogvideox-1.5, 9, ddim, 96x64",
        "opensora, 17, rflow, 102x70",
        "wan-i2v-pipeline, 5, unipc, 96x64",
        "wan22-pipeline, 5, dpm++, 96x64"
    })
    void evaluateWritesItsReportForEveryFamily(String model, int frames, String scheduler, String size)
            throws IOException {
        // Given
        Path prompts = Files.writeString(directory.resolve("prompts.txt"), "a red ball\n");
        Path out = directory.resolve("out");
        List<String> arguments = arguments(model, frames);
        // Each of two experts needs 9 steps for what reuses by what it measures.
        String measuring = model.startsWith("wan22") ? "steps:5" : "precise:base";
        arguments.addAll(List.of("--policies", measuring + ",fixed:5", "--steps", "10", "--reference-steps", "0"));
        arguments.addAll(List.of("--size", size, "--scheduler", scheduler));
        arguments.addAll(List.of("--prompts", prompts.toString(), "--seeds", "1", "--sheets", "1"));
        arguments.addAll(List.of("--figures", model.startsWith("wan22") ? "1" : "0", "--figure-stride", "9"));
        Path videos = directory.resolve("videos");
        arguments.addAll(List.of("--out", out.toString(), "--export-vbench", videos.toString()));

        // When
        int exit = execute(new EvaluateCommand(), arguments);

        // Then: Open-Sora makes whole cells of a size that is no multiple of them
        assertThat(exit).as(errors.toString()).isZero();
        assertThat(out.resolve("references/p01-s42-none.rgb")).hasSize(frames * 3L * 96 * 64);
        assertThat(videos.resolve("none/a red ball-0.mp4")).isNotEmptyFile();
        assertThat(out.resolve("report.html")).isNotEmptyFile();
        assertThat(Files.readAllLines(out.resolve("runs.jsonl"))).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "opensora|--frames 16|numFrames is 16, allowed is 1, or 17",
                "opensora|--frames 17 --shift 3|flow_shift",
                "opensora|--frames 17 --scheduler euler|scheduler 'euler' does not suit this model, allowed is one of rflow",
                "cogvideox-2b-pipeline|--frames 5|numFrames is 5, allowed is 8n + 1",
                "cogvideox-2b-pipeline|--frames 9 --scheduler unipc|allowed is one of ddim, sde-dpm++",
                "hunyuan-pipeline|--frames 9 --size 70x48|width is 70, allowed is a multiple of 16",
                "hunyuan-pipeline|--frames 9 --guidance-2 3|--guidance-2 is 3, allowed is none",
                "wan-pipeline|--frames 9 --last-image no.png|--last-image is \"no.png\", allowed is none"
            })
    void whatAFamilyCannotDoIsAUsageErrorThatNamesIt(String text) throws IOException {
        // Given
        String[] parts = text.split("\\|");
        List<String> arguments = new ArrayList<>(List.of(
                "--model",
                ModelFolders.in(directory.resolve("models")).get(parts[0]).toString(),
                "--size",
                "64x48",
                "--steps",
                "2"));
        arguments.addAll(List.of(parts[1].split(" ")));

        // When
        int exit = execute(new BenchCommand(), arguments);

        // Then
        assertThat(exit).as(errors.toString()).isEqualTo(2);
        assertThat(errors.toString()).contains(parts[2]);
    }

    @Test
    void aModelThatStartsFromAnImageNeedsOne() throws IOException {
        // When
        int exit = execute(
                new BenchCommand(),
                List.of(
                        "--model",
                        ModelFolders.in(directory.resolve("models"))
                                .get("wan-i2v-pipeline")
                                .toString(),
                        "--size",
                        "64x48"));

        // Then
        assertThat(exit).isEqualTo(2);
        assertThat(errors.toString()).contains("--image is missing, allowed is what videos start with");
    }

    private List<String> arguments(String model, int frames) throws IOException {
        Path folder = ModelFolders.in(directory.resolve("models")).get(model);
        List<String> arguments = new ArrayList<>(List.of("--model", folder.toString(), "--size", "64x48"));
        arguments.addAll(List.of("--frames", String.valueOf(frames), "--threads", "1"));
        if (model.contains("i2v")) {
            Path image = directory.resolve("image.png");
            ImageIO.write(new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB), "png", image.toFile());
            arguments.addAll(List.of("--image", image.toString()));
        }
        return arguments;
    }

    private int execute(Object command, List<String> arguments) {
        return new CommandLine(command)
                .setOut(new PrintWriter(output))
                .setErr(new PrintWriter(errors))
                .setOverwrittenOptionsAllowed(true)
                .execute(arguments.toArray(String[]::new));
    }
}
