package io.lowpass.lab.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.lowpass.caching.settings.profiles.CacheProfile;
import io.lowpass.caching.settings.profiles.CacheProfiles;
import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.caching.settings.profiles.SamplingConditions;
import io.lowpass.caching.tea.TeaCache;
import io.lowpass.diffusion.schedulers.Schedulers;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CalibrateCommandTest {

    private static final Path MODELS = Path.of(System.getProperty("lowpass.root"), "shared", "golden", "models");
    private static final Path TINY = MODELS.resolve("wan-pipeline");
    private static final int STEPS = 14;

    private final StringWriter output = new StringWriter();
    private final StringWriter errors = new StringWriter();

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("profiles.json");
    }

    @Test
    void constantsAreFittedAndWrittenForTheSamplerToRead() throws IOException {
        // When
        int exit = calibrate("--methods", "teacache,magcache");

        // Then
        assertThat(exit).as(errors.toString()).isZero();
        assertThat(schema().validate(Files.readString(file), InputFormat.JSON)).isEmpty();
        ModelCachePolicies policies = ModelCachePolicies.of(TINY, Optional.of(file));
        assertThat(policies.problem()).isEmpty();
        assertThat(policies.profiles()).extracting(CacheProfile::method).contains("teacache", "magcache");
        SamplingConditions conditions = new SamplingConditions(STEPS, "euler", 3, "f32");
        TeaCache tea = (TeaCache) policies.of("teacache", Optional.empty(), Map.of(), conditions, warning -> {});
        assertThat(tea.coefficients()).hasSize(5);
        assertThat(policies.of("magcache", Optional.empty(), Map.of(), conditions, warning -> {}))
                .isNotNull();
        assertThat(output.toString()).contains("recorded").contains("r2=").contains("written to");
    }

    @Test
    void aThresholdMeetsTheWantedSpeedUpAndOtherProfilesStay() {
        // Given
        assertThat(calibrate("--methods", "magcache")).isZero();

        // When
        int exit = calibrate("--methods", "precise", "--target-speedup", "1.6");

        // Then
        assertThat(exit).as(errors.toString()).isZero();
        List<CacheProfile> profiles = CacheProfiles.read(file).profiles();
        assertThat(profiles).extracting(CacheProfile::method).containsExactly("magcache", "precise");
        assertThat(profiles.get(1).options()).containsKey("alpha");
        assertThat(profiles.get(1).calibration().get("reached"))
                .extracting("speedup")
                .satisfies(reached -> assertThat((Double) reached).isGreaterThanOrEqualTo(1.6));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ddim", "sde-dpm++"})
    void profilesOfEveryFamilyAreWhatTheSchemaSays(String scheduler) throws IOException {
        // When
        String model = MODELS.resolve("cogvideox-2b-pipeline").toString();
        int exit = calibrate(
                "--model", model, "--scheduler", scheduler, "--methods", "magcache", "--frames", "9", "--take", "1");

        // Then
        assertThat(exit).as(errors.toString()).isZero();
        assertThat(CacheProfiles.read(file).profiles().get(0).conditions().scheduler())
                .isEqualTo(scheduler);
        assertThat(schema().validate(Files.readString(file), InputFormat.JSON)).isEmpty();
    }

    @Test
    void theSchemaKnowsEveryScheduler() throws IOException {
        // When Then
        for (String scheduler : Schedulers.NAMES) {
            CacheProfile profile =
                    new CacheProfile("x", Map.of("y", 1), new SamplingConditions(1, scheduler, 1, "f32"), Map.of());
            new CacheProfiles("sha256:" + "0".repeat(64), List.of(profile)).write(file);
            assertThat(schema().validate(Files.readString(file), InputFormat.JSON))
                    .as(scheduler)
                    .isEmpty();
        }
    }

    @Test
    void aModelWithTwoExpertsHasOneCurveOverAllSteps() {
        // When
        int exit = calibrate("--model", MODELS.resolve("wan22-pipeline").toString(), "--methods", "magcache");

        // Then: a ratio for each step, 1 where nothing came before
        assertThat(exit).as(errors.toString()).isZero();
        List<?> ratios =
                (List<?>) CacheProfiles.read(file).profiles().get(0).options().get("ratios");
        assertThat(ratios)
                .hasSize(STEPS)
                .extracting(Double.class::cast)
                .filteredOn(ratio -> ratio == 1)
                .hasSize(2);
        assertThat(ratios.get(0)).isEqualTo(1.0);
    }

    @Test
    void promptsThatEvaluationUsesAreRefused() throws IOException {
        // Given
        Path prompts = Files.writeString(
                folder.resolve("prompts.txt"), "a cat\n\n  A big red ball  bouncing over a green field. \n");
        Path kept = Files.writeString(folder.resolve("kept.txt"), "a big pink ring moving right in the night sky");

        // When
        int shipped = calibrate("--prompts", prompts.toString());
        int given = calibrate("--evaluation-prompts", kept.toString());

        // Then
        assertThat(List.of(shipped, given)).containsOnly(2);
        assertThat(errors.toString())
                .contains("--prompts has 1 reserved for evaluation, allowed is none: 'A big red ball")
                .contains("'a big pink ring moving right in the night sky'");
    }

    @Test
    void badOptionsAreUsageErrorsThatNameOptionValueAndWhatIsAllowed() {
        // Given
        new CacheProfiles("sha256:" + "0".repeat(64), List.of()).write(file);

        // When
        List<Integer> exits = List.of(
                calibrate("--methods", "pab"),
                calibrate("--methods", "precise"),
                calibrate("--target-speedup", "2", "--target-psnr", "30"),
                calibrate("--target-speedup", "0.5"),
                calibrate("--take", "9"),
                calibrate("--methods", "magcache"));

        // Then
        assertThat(exits).containsOnly(2);
        assertThat(errors.toString())
                .contains("--methods is \"pab\", allowed is one of dbcache, easycache")
                .contains("--methods is \"precise\", allowed is with --target-speedup or --target-psnr")
                .contains("--target-psnr is 30.0, allowed is only without --target-speedup")
                .contains("--target-speedup is 0.5, allowed is a number above 1")
                .contains("--take is 9, allowed is 1 to 8")
                .contains("allowed is a new file, or one of this model's profiles");
    }

    private static Schema schema() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(CacheProfiles.class.getResourceAsStream("cache-profiles.schema.json"))) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private int calibrate(String... options) {
        CommandLine command = new CommandLine(new CalibrateCommand()).setOverwrittenOptionsAllowed(true);
        command.setOut(new PrintWriter(output));
        command.setErr(new PrintWriter(errors));
        List<String> arguments = new ArrayList<>(List.of("--model", TINY.toString(), "--out", file.toString()));
        arguments.addAll(List.of("--size", "96x64", "--frames", "5", "--steps", String.valueOf(STEPS)));
        arguments.addAll(List.of("--threads", "1", "--scheduler", "euler"));
        if (!List.of(options).contains("--take")) {
            arguments.addAll(List.of("--take", "2"));
        }
        arguments.addAll(List.of(options));
        return command.execute(arguments.toArray(String[]::new));
    }
}
