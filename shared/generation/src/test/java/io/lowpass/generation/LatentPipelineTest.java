package io.lowpass.generation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.caching.settings.profiles.CacheProfile;
import io.lowpass.caching.settings.profiles.CacheProfiles;
import io.lowpass.caching.settings.profiles.ModelCachePolicies;
import io.lowpass.caching.settings.profiles.SamplingConditions;
import io.lowpass.contracts.CacheSettings;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.Output;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.steps.ProgressListener;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatentPipelineTest {

    private static final Path MODEL = Path.of(System.getProperty("lowpass.root"), "shared/golden/models/wan-pipeline");

    private static JobPipeline generator;

    @BeforeAll
    static void load() {
        generator = JobPipeline.open(MODEL);
    }

    @AfterAll
    static void close() {
        generator.close();
    }

    private static Job job(String prompt, int steps, CacheSettings cache) {
        return new Job(
                "job",
                prompt,
                "",
                "m",
                new Size(64, 48),
                5,
                8,
                steps,
                5,
                3,
                "euler",
                42,
                cache,
                new Output("videos", "job.mp4"),
                Optional.empty(),
                Map.of(),
                Instant.EPOCH,
                Map.of());
    }

    private static float[] latents(Job job) {
        try (Latents latents = generator.generate(job, ProgressListener.SILENT)) {
            assertThat(latents.frames().getShape().getShape()).containsExactly(1, 4, 2, 6, 8);
            return latents.frames().toFloatArray();
        }
    }

    @Test
    void theSameJobMakesTheSameLatents() {
        assertThat(latents(job("a ball", 3, CacheSettings.NONE)))
                .isEqualTo(latents(job("a ball", 3, CacheSettings.NONE)))
                .isNotEqualTo(latents(job("a cube", 3, CacheSettings.NONE)));
    }

    @Test
    void whateverTextARequestMayHaveIsEncoded() {
        // Given: controls but NUL, a byte order mark, what turns the direction, emoji, what is no character
        String controls =
                IntStream.rangeClosed(1, 0x9f).mapToObj(Character::toString).collect(Collectors.joining());

        // When, Then
        for (String prompt : List.of(
                "\ud83c\udf0a\ud83d\udd25", "?! ...", controls, "\ufeffa", "\u202ea\u2066", "a\uffff\ufffe\u2028")) {
            assertThat(latents(job(prompt, 1, CacheSettings.NONE))).isNotEmpty();
        }
    }

    @Test
    void stepsAreCountedByWhatBecameOfThem() {
        // Given
        CacheSettings everyThird = new CacheSettings("fixed", Optional.empty(), Map.of("every", 3));

        // When
        try (Latents latents = generator.generate(job("a ball", 6, everyThird), ProgressListener.SILENT)) {
            // Then
            assertThat(latents.steps().steps()).isEqualTo(6);
            assertThat(latents.steps().computed()).isEqualTo(2);
            assertThat(latents.steps().reused()).isEqualTo(4);
            assertThat(latents.timings()).containsOnlyKeys("text", "denoise");
        }
    }

    @Test
    void sigmasOfARequestTakeThePlaceOfTheSchedulers() {
        // Given
        Job plain = job("a ball", 4, CacheSettings.NONE);
        List<Double> timesteps = new ArrayList<>();
        Job recipe = plain.with("sigmas", List.of(1.0, 0.75, 0.5, 0.25));
        // When
        try (Latents latents = generator.generate(
                recipe, (report, unused) -> timesteps.add(report.step().timestep()))) {
            // Then: shifted by 3
            assertThat(timesteps).containsExactly(1000.0, 900.0, 750.0, 500.0);
            assertThat(latents.frames().toFloatArray()).isNotEqualTo(latents(plain));
        }
        assertThatThrownBy(() -> generator.generate(plain.with("sigmas", List.of(1.0, 0.5)), ProgressListener.SILENT))
                .hasMessage("steps is 4, allowed is 2, the number of sigmas");
    }

    @Test
    void nothingOfAJobIsLeftWhetherItEndsOrIsCancelled() {
        // Given
        CacheSettings turbo = new CacheSettings("precise", Optional.of("flash"), Map.of());
        latents(job("a ball", 9, turbo));
        int before = generator.latents().arrays();

        // When
        latents(job("a ball", 10, turbo));
        assertThatThrownBy(() -> generator.generate(job("a ball", 10, turbo), (report, latents) -> {
                    if (report.step().index() == 4) {
                        throw new CancellationException();
                    }
                }))
                .isInstanceOf(CancellationException.class);

        // Then
        assertThat(generator.latents().arrays()).isEqualTo(before);
    }

    @Test
    void cachedPromptsAreFew() {
        // Given
        for (int i = 0; i < 8; i++) {
            latents(job("prompt " + i, 1, CacheSettings.NONE));
        }
        int full = generator.latents().cachedPrompts();

        // When
        latents(job("one more", 1, CacheSettings.NONE));

        // Then
        assertThat(full).isEqualTo(8);
        assertThat(generator.latents().cachedPrompts()).isEqualTo(full);
    }

    @Test
    void aLargerVideoNeedsMoreMemory() {
        assertThat(generator.latents().memoryFor(generator.plan(job("a ball", 3, CacheSettings.NONE))))
                .isPositive();
    }

    @Test
    void anUnknownPolicyIsRefused() {
        // Given
        Job job = job("a ball", 3, new CacheSettings("nope", Optional.empty(), Map.of()));

        // Then
        assertThatThrownBy(() -> generator.generate(job, ProgressListener.SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nope");
    }

    @Test
    void constantsThatARequestLeavesOpenComeFromTheModelsProfiles(@TempDir Path folder) {
        // Given: MagCache with a curve so even that only the first step is computed
        Path file = folder.resolve("profiles.json");
        Map<String, Object> options = Map.of("ratios", List.of(1.0));
        new CacheProfiles(
                        ModelCachePolicies.fingerprint(MODEL),
                        List.of(new CacheProfile(
                                "magcache", options, new SamplingConditions(10, "euler", 3, "f32"), Map.of())))
                .write(file);
        Job job = job(
                "a ball", 10, new CacheSettings("magcache", Optional.empty(), Map.of("retention", 0.0, "maxSkip", 9)));

        // When
        try (JobPipeline calibrated = JobPipeline.open(MODEL, Optional.of(file));
                Latents latents = calibrated.generate(job, ProgressListener.SILENT)) {
            // Then
            assertThat(latents.steps().computed()).isEqualTo(1);
        }
        assertThatThrownBy(() -> generator.generate(job, ProgressListener.SILENT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("calibrate --model " + MODEL);
    }
}
