package io.lowpass.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BenchCommandTest {

    private static final Path TINY =
            Path.of(System.getProperty("lowpass.root"), "shared", "golden", "models", "wan-pipeline");

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path folder;

    @Test
    void policiesAreComparedWithTheUncachedRunOfTheSameSeed() throws IOException {
        // Given
        Path report = folder.resolve("bench.json");

        // When
        int exit = bench(
                "--policies", "precise:base,fixed:5", "--prompts", "1", "--steps", "10", "--json", report.toString());

        // Then
        assertThat(exit).as(errors.toString()).isZero();
        JsonNode policies = new ObjectMapper().readTree(report.toFile()).path("policies");
        assertThat(policies).hasSize(3);
        JsonNode none = policies.get(0);
        JsonNode fixed = policies.get(2);
        assertThat(none.path("policy").asText()).isEqualTo("none");
        assertThat(none.path("psnr").asDouble()).isEqualTo(100);
        assertThat(none.path("speedup").asDouble()).isEqualTo(1);
        assertThat(none.path("computed").asDouble()).isEqualTo(10);
        assertThat(fixed.path("computed").asDouble()).isEqualTo(5);
        assertThat(fixed.path("reused").asDouble()).isEqualTo(5);
        assertThat(fixed.path("macs").asDouble() / none.path("macs").asDouble()).isEqualTo(0.5);
        assertThat(fixed.path("psnr").asDouble()).isLessThan(100);
        assertThat(fixed.path("ssim").asDouble()).isBetween(0.0, 1.0);
        assertThat(fixed.path("peakBytes").asLong()).isPositive();
        assertThat(output.toString()).contains("precise:base").contains("x denoise");
    }

    @Test
    void badOptionsAreUsageErrorsThatNameOptionValueAndWhatIsAllowed() {
        // When
        int steps = bench("--steps", "0");
        int prompts = bench("--prompts", "1000");
        int dtype = bench("--dtype", "f64");

        // Then
        assertThat(List.of(steps, prompts, dtype)).containsOnly(2);
        assertThat(errors.toString())
                .contains("--steps is 0, allowed is a whole number from 1 to 1000")
                .contains("--prompts is 1000, allowed is at most 16")
                .contains("dtype 'f64' is not one of f32, bf16, f16");
    }

    private int bench(String... options) {
        CommandLine command = new CommandLine(new BenchCommand());
        command.setOut(new PrintWriter(output));
        command.setErr(new PrintWriter(errors));
        List<String> arguments =
                new ArrayList<>(List.of("--model", TINY.toString(), "--size", "96x64", "--frames", "9"));
        arguments.addAll(List.of("--threads", "1", "--guidance", "5"));
        arguments.addAll(List.of(options));
        return command.execute(arguments.toArray(String[]::new));
    }
}
