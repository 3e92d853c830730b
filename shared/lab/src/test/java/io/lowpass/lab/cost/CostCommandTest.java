package io.lowpass.lab.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.cogvideox.CogVideoXConfig;
import io.lowpass.models.hunyuan.HunyuanConfig;
import io.lowpass.models.opensora.OpenSoraConfig;
import io.lowpass.models.wan.WanConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CostCommandTest {

    private static final double PETA = 1e15;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void theCheckpointsCostWhatThePaperSays() throws IOException {
        // Given
        List<Checkpoint> compared =
                Checkpoints.read().stream().filter(known -> known.paper() > 0).toList();
        // When, Then
        assertThat(compared)
                .extracting(Checkpoint::name)
                .contains("HunyuanVideo", "Open-Sora 1.2")
                .hasSize(4);
        assertThat(compared)
                .allSatisfy(checkpoint -> assertThat(checkpoint.total() / checkpoint.paper())
                        .as(checkpoint.name())
                        .isCloseTo(1, within(0.01)));
        assertThat(named("Wan2.1-T2V-1.3B").total() / PETA).isCloseTo(14.15, within(0.1415));
        assertThat(named("CogVideoX-5B").total() / PETA).isCloseTo(16.6, within(0.166));
    }

    @Test
    void theirShapesAreThoseOfThePublicFiles() throws IOException {
        Map<String, Double> passes = Map.of(
                "Wan2.1-T2V-14B",
                WanConfig.of(config("wan2.1-t2v-14b"))
                        .referenceCost(512)
                        .pass(named("Wan2.1-T2V-14B").tokens()),
                "Wan2.1-T2V-1.3B",
                WanConfig.of(config("wan2.1-t2v-1.3b"))
                        .referenceCost(512)
                        .pass(named("Wan2.1-T2V-1.3B").tokens()),
                "HunyuanVideo",
                HunyuanConfig.of(config("hunyuanvideo"))
                        .cost(256)
                        .pass(named("HunyuanVideo").tokens()),
                "CogVideoX-2B",
                CogVideoXConfig.of(config("cogvideox-2b"))
                        .cost(226)
                        .pass(named("CogVideoX-2B").tokens()),
                "CogVideoX-5B",
                CogVideoXConfig.of(config("cogvideox-5b"))
                        .cost(226)
                        .pass(named("CogVideoX-5B").tokens()),
                "Open-Sora 1.2",
                OpenSoraConfig.of(config("opensora-1.2"))
                        .cost(100)
                        .pass(named("Open-Sora 1.2").tokens()));
        for (Checkpoint checkpoint : Checkpoints.read()) {
            assertThat(checkpoint.pass())
                    .as(checkpoint.name())
                    .isEqualTo(Objects.requireNonNull(passes.get(checkpoint.name())));
        }
    }

    @Test
    void aCeilingIsWhatTheRulesForce() throws IOException {
        // Given
        Checkpoint wan = named("Wan2.1-T2V-14B");
        // When
        Ceiling none = Ceiling.of(wan, "none");
        Ceiling turbo = Ceiling.of(wan, "precise:turbo");
        Ceiling fixed = Ceiling.of(wan, "fixed:10");
        Ceiling taylor = Ceiling.of(wan, "taylorseer");
        Ceiling pab = Ceiling.of(wan, "pab:wan2.1");
        // Then: 3 full steps, and 49 probes of 1.01 % of a step less what cutting to whole patches takes
        assertThat(none.speedup()).isCloseTo(1, within(1e-12));
        assertThat(turbo.computed()).isEqualTo(3);
        assertThat(turbo.fullSteps()).isCloseTo(3 + 49 * 0.0101, within(0.01));
        assertThat(fixed.speedup()).isCloseTo(5, within(1e-9));
        // Then: steps 0, 1, 2, 4, 9 … 49
        assertThat(taylor.fullSteps()).isCloseTo(13, within(0.01));
        // Then: as the paper's own row has it, 233.5 of 329.2 PMACs
        assertThat(pab.speedup()).isCloseTo(329.2 / 233.5, within(0.03));
    }

    @Test
    void printsTheTableAndWritesTheFigures() throws IOException {
        // Given
        StringWriter output = new StringWriter();
        Path report = folder.resolve("cost.json");
        // When
        int exit = new CommandLine(new CostCommand())
                .setOut(new PrintWriter(output))
                .execute("--json", report.toString());
        // Then
        assertThat(exit).isZero();
        assertThat(output.toString())
                .contains("Wan2.1-T2V-14B")
                .contains("75600")
                .contains("precise:flash");
        JsonNode rows = JSON.readTree(report.toFile());
        assertThat(rows).hasSize(6);
        assertThat(rows.get(0).get("macs").asDouble()).isCloseTo(326.2 * PETA, within(PETA));
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.get("ceilings"))
                        .allSatisfy(ceiling -> assertThat(ceiling.get("speedup").asDouble())
                                .as("%s", ceiling)
                                .isGreaterThan(1)));
    }

    private static Checkpoint named(String name) throws IOException {
        return Checkpoints.read().stream()
                .filter(checkpoint -> checkpoint.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ComponentConfig config(String manifest) throws IOException {
        Path file =
                Path.of(System.getProperty("lowpass.root"), "shared/golden/manifests", manifest + ".transformer.json");
        return ComponentConfig.of(manifest, JSON.readTree(file.toFile()).get("config"));
    }
}
