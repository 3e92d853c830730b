package io.lowpass.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.caching.fixed.Fixed;
import io.lowpass.caching.precise.BlockCache;
import io.lowpass.caching.precise.LFCache;
import io.lowpass.caching.precise.PreciseCache;
import io.lowpass.caching.settings.profiles.CacheProfile;
import io.lowpass.caching.settings.profiles.CacheProfiles;
import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.diffusion.CachePolicy;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Evaluations of policies that take their constants from profiles of the model. */
class ProfilesTest {

    private static final Path TINY =
            Path.of(System.getProperty("lowpass.root"), "shared", "golden", "models", "wan-pipeline");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void makeTheModelsFolder() throws IOException {
        Files.writeString(folder.resolve("prompts.txt"), "a red ball\n");
        model = Files.createDirectories(folder.resolve("model"));
        try (Stream<Path> parts = Files.list(TINY)) {
            for (Path part : parts.toList()) {
                Files.createSymbolicLink(model.resolve(part.getFileName()), part);
            }
        }
    }

    @Test
    void runsOfAPolicyWhoseConstantsWereMeasuredAnewAreNotMixed() throws IOException {
        // Given: runs of every prompt with constants of a profile
        writeProfile(0.9, "something else");
        assertThat(evaluate("magcache,fixed:3")).as(errors.toString()).isZero();
        JsonNode report = JSON.readTree(folder.resolve("out/report.json").toFile());
        assertThat(report.path("warnings")).isEmpty();
        assertThat(report.path("settings").path("magcache").path("ratios")).hasSize(2);
        assertThat(report.path("settings").path("fixed:3").path("steps").toString())
                .isEqualTo("[0,5,9]");

        // When
        assertThat(evaluate("magcache,fixed:3")).isZero();
        writeProfile(0.8, "something else");
        int other = evaluate("magcache,fixed:3");
        Path runs = folder.resolve("out/runs.jsonl");
        Files.writeString(runs, Files.readString(runs).replaceAll(",\"settings\":\"[0-9a-f]+\"", ""));
        int unknown = evaluate("magcache,fixed:3");

        // Then: only runs that do not say are taken as they are
        assertThat(other).isEqualTo(2);
        assertThat(errors.toString())
                .contains("policy 'magcache' has runs in --out with other settings", "ratios=[1.0, 0.8]");
        assertThat(unknown).as(errors.toString()).isZero();
    }

    @Test
    void aPolicyThatWasFittedToItsJudgesIsToldOf() throws IOException {
        // Given: the evaluation's prompt but for spaces and case
        writeProfile(0.9, "A red  ball.");

        // When
        int exit = evaluate("magcache,fixed:3");

        // Then
        assertThat(exit).as(errors.toString()).isZero();
        String warning =
                "magcache: the profile of magcache was calibrated on 1 of these prompts, which biases the comparison: 'a red ball'";
        assertThat(output.toString()).contains(warning);
        JsonNode report = JSON.readTree(folder.resolve("out/report.json").toFile());
        assertThat(report.path("warnings"))
                .singleElement()
                .satisfies(told -> assertThat(told.asText()).isEqualTo(warning));
        assertThat(Files.readString(folder.resolve("out/report.html")))
                .contains("was calibrated on 1 of these prompts");
    }

    private void writeProfile(double ratio, String prompt) {
        CacheProfile profile = new CacheProfile(
                "magcache",
                Map.of("ratios", List.of(1.0, ratio)),
                new io.lowpass.caching.settings.profiles.SamplingConditions(10, "euler", 3, "f32"),
                Map.of("prompts", List.of(prompt)));
        new CacheProfiles(ModelCachePolicies.fingerprint(model), List.of(profile))
                .write(model.resolve(CacheProfiles.FILE_NAME));
    }

    @Test
    void settingsAreThoseOfEqualPoliciesInAnyProcess() {
        // Given: sets whose order differs from one process to the next
        Fixed one = new Fixed(new LinkedHashSet<>(List.of(7, 0, 3)), 0);
        Fixed same = new Fixed(Set.of(0, 3, 7), 0);

        // When Then
        assertThat(ResolvedSettings.of(one)).isEqualTo(ResolvedSettings.of(same));
        assertThat(ResolvedSettings.of(same).values().toString()).isEqualTo("{type=Fixed, steps=[0, 3, 7], every=0}");
        assertThat(ResolvedSettings.of(one).digest())
                .isNotEqualTo(ResolvedSettings.of(CachePolicy.NONE).digest());
        assertThat(ResolvedSettings.of(new PreciseCache(new LFCache(0.5), new BlockCache(0.25, 2)))
                        .values())
                .extractingByKey("steps")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("type", "LFCache");
    }

    private int evaluate(String policies) {
        CommandLine command = new CommandLine(new EvaluateCommand());
        command.setOut(new PrintWriter(output));
        command.setErr(new PrintWriter(errors));
        List<String> arguments =
                new ArrayList<>(List.of("--model", model.toString(), "--size", "96x64", "--frames", "5"));
        arguments.addAll(List.of("--prompts", folder.resolve("prompts.txt").toString(), "--seeds", "1"));
        arguments.addAll(List.of("--steps", "10", "--reference-steps", "0", "--threads", "1", "--scheduler", "euler"));
        arguments.addAll(List.of("--policies", policies, "--figures", "0", "--sheets", "0"));
        arguments.addAll(List.of("--out", folder.resolve("out").toString()));
        return command.execute(arguments.toArray(String[]::new));
    }
}
