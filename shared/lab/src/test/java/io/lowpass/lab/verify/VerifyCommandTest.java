package io.lowpass.lab.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyCommandTest {

    private static final Path GOLDEN = Path.of(System.getProperty("lowpass.root"), "shared", "golden");

    @TempDir
    private Path folder;

    @Test
    void everyReferenceCaseOfWhatIsBuiltPassesAndTheRestIsCalledUnsupported() throws IOException {
        // Given
        StringWriter table = new StringWriter();

        // When
        JsonNode report = verify(GOLDEN, table, 0);

        // Then
        assertThat(report.path("failed").asInt()).as(table.toString()).isZero();
        assertThat(names(report, "passed"))
                .contains(
                        "wan-transformer-0",
                        "umt5-0",
                        "wan-vae-decode-1",
                        "wan-vae-8x4-encode-2",
                        "scheduler-unipc-0",
                        "scheduler-dpm-1",
                        "scheduler-flow-euler-3",
                        "random-normal",
                        "prompt-clean",
                        "opensora-transformer-0",
                        "opensora-vae-decode-2",
                        "opensora-scheduler-timesteps",
                        "opensora-prompt-script",
                        "opensora-1.2.vae",
                        "generation-demo-flash",
                        "generation-wan-precise-base-unipc",
                        "wan2.1-t2v-14b.transformer");
        assertThat(names(report, "unsupported")).doesNotContain("umt5-1", "opensora-1.2.transformer");
    }

    @Test
    void aCaseThatComputesSomethingElseFailsAndSaysWhere() throws IOException {
        // Given a case that asks for another shape than is stored
        Path broken = Files.createDirectories(folder.resolve("cases/random-broken"));
        Path stored = GOLDEN.resolve("random-normal");
        Files.copy(stored.resolve("tensors.safetensors"), broken.resolve("tensors.safetensors"));
        Files.writeString(
                broken.resolve("case.json"),
                Files.readString(stored.resolve("case.json")).replace("16", "8"));

        // When
        JsonNode report = verify(folder.resolve("cases"), new StringWriter(), 1);

        // Then
        assertThat(report.path("failed").asInt()).isEqualTo(1);
        assertThat(report.at("/cases/0/tensor").asText()).startsWith("seed_");
        assertThat(report.at("/cases/0/reason").asText()).contains("expected (1, 16, 2, 4, 6)");
    }

    @Test
    void whatRanAtEachStepIsComparedWithWhatTheReferenceRan() throws IOException {
        // Given: two methods on two families, and a copy of one that claims to have run one attention more
        Path cases = Files.createDirectories(folder.resolve("counted"));
        Files.createSymbolicLink(cases.resolve("models"), GOLDEN.resolve("models"));
        for (String name : List.of(
                "generation-cogvideox-2b-pab", "generation-cogvideox-2b-fastercache", "generation-wan-dbcache-f2b1")) {
            copy(GOLDEN.resolve(name), cases.resolve(name), "\n", "\n");
        }
        copy(
                GOLDEN.resolve("generation-cogvideox-2b-pab"),
                cases.resolve("broken"),
                "[\n   3,\n   3,",
                "[\n   3,\n   7,");

        // When
        JsonNode report = verify(cases, new StringWriter(), 1);

        // Then
        assertThat(names(report, "passed"))
                .containsExactlyInAnyOrder(
                        "generation-cogvideox-2b-pab",
                        "generation-cogvideox-2b-fastercache",
                        "generation-wan-dbcache-f2b1");
        assertThat(names(report, "failed")).containsExactly("broken");
        assertThat(report.toString()).contains("self-attentions is");
    }

    @Test
    void aCaseWithoutItsTensorsFailsAndTheNextIsTried() throws IOException {
        // Given
        Path cases = Files.createDirectories(folder.resolve("empty"));
        Files.createSymbolicLink(cases.resolve("models"), GOLDEN.resolve("models"));
        for (String name : List.of("wan-transformer-0", "random-normal")) {
            copy(GOLDEN.resolve(name), cases.resolve(name), "\n", "\n");
        }
        Files.delete(cases.resolve("wan-transformer-0/tensors.safetensors"));

        // When
        JsonNode report = verify(cases, new StringWriter(), 1);

        // Then
        assertThat(names(report, "passed")).containsExactly("random-normal");
        assertThat(names(report, "failed")).containsExactly("wan-transformer-0");
    }

    @Test
    void blocksThatTheReferenceDecidedOnMustBeDecidedOn() throws IOException {
        // Given: a run without BlockCache, whose reference is said to have had it
        Path cases = Files.createDirectories(folder.resolve("decided"));
        Files.createSymbolicLink(cases.resolve("models"), GOLDEN.resolve("models"));
        copy(
                GOLDEN.resolve("generation-wan-precise-base-unipc"),
                cases.resolve("blocks"),
                "\"decision\": \"compute\",",
                "\"decision\": \"compute\", \"blocks\": \"refresh\",");

        // When
        JsonNode report = verify(cases, new StringWriter(), 1);

        // Then
        assertThat(report.at("/cases/0/reason").asText()).contains("blocks: none were decided on, expected refresh");
    }

    @Test
    void aSchedulerIsToldWhatAPipelineTellsItAndNeedsASeedWhereItAddsNoise() throws IOException {
        // Given: the shift of a case as mu, the logarithm of 5, and a case that says nothing of its noise
        Path cases = Files.createDirectories(folder.resolve("schedulers"));
        copy(
                GOLDEN.resolve("scheduler-unipc-0"),
                cases.resolve("dynamic"),
                "\"use_dynamic_shifting\": false",
                "\"use_dynamic_shifting\": true, \"mu\": " + Math.log(5) + ", \"flow_shift\": 1");
        copy(
                GOLDEN.resolve("scheduler-unipc-0"),
                cases.resolve("told"),
                "\"num_inference_steps\"",
                "\"mu\": 1.0, \"num_inference_steps\"");
        copy(GOLDEN.resolve("scheduler-dpm-1"), cases.resolve("unseeded"), "\"dpmsolver++\"", "\"sde-dpmsolver++\"");

        // When
        JsonNode report = verify(cases, new StringWriter(), 1);

        // Then
        assertThat(names(report, "passed")).containsExactly("dynamic");
        assertThat(names(report, "failed")).containsExactly("told");
        assertThat(names(report, "unsupported")).containsExactly("unseeded");
        assertThat(report.toString())
                .contains("mu is 1.0, allowed is absent, or with use_dynamic_shifting")
                .contains("DPMSolverMultistepScheduler without the seed of the noise that it adds");
    }

    private static void copy(Path from, Path to, String text, String otherwise) throws IOException {
        Files.createDirectories(to);
        Files.copy(from.resolve("tensors.safetensors"), to.resolve("tensors.safetensors"));
        Files.writeString(
                to.resolve("case.json"),
                Files.readString(from.resolve("case.json")).replace(text, otherwise));
    }

    @Test
    void aFolderThatIsNoneIsAUsageError() {
        // Given
        CommandLine command = new CommandLine(new VerifyCommand());
        StringWriter errors = new StringWriter();
        command.setErr(new PrintWriter(errors));

        // When
        int exit = command.execute(folder.resolve("nowhere").toString());

        // Then
        assertThat(exit).isEqualTo(2);
        assertThat(errors.toString()).contains("nowhere").contains("is not a folder");
    }

    private JsonNode verify(Path cases, StringWriter table, int expectedExit) throws IOException {
        Path file = folder.resolve("report.json");
        CommandLine command = new CommandLine(new VerifyCommand());
        command.setOut(new PrintWriter(table));
        int exit = command.execute(cases.toString(), "--threads", "1", "--json", file.toString());
        assertThat(exit).as(table.toString()).isEqualTo(expectedExit);
        return new ObjectMapper().readTree(file.toFile());
    }

    private static List<String> names(JsonNode report, String status) {
        return StreamSupport.stream(report.path("cases").spliterator(), false)
                .filter(result -> result.path("status").asText().equals(status))
                .map(result -> result.path("case").asText())
                .toList();
    }
}
