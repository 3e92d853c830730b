package io.lowpass.caching.settings.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.caching.mag.MagCache;
import io.lowpass.caching.precise.LFCache;
import io.lowpass.caching.tea.TeaCache;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.blocks.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelCachePoliciesTest {

    private static final Path MODEL =
            Path.of(System.getProperty("lowpass.root"), "shared", "golden", "models", "wan-pipeline");
    private static final SamplingConditions EULER = new SamplingConditions(50, "euler", 3, "f32");
    private static final SamplingConditions UNIPC = new SamplingConditions(50, "unipc", 3, "f32");
    private static final List<Double> TIME = List.of(1.0, 2.0);
    private static final List<Double> PROJECTION = List.of(3.0, 4.0);

    private final List<String> warnings = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void aMethodWithoutConstantsTakesThemFromTheProfileOfItsVariant() {
        // Given
        ModelCachePolicies policies = policies(
                profile("teacache", EULER, Map.of("signal", "time", "coefficients", TIME, "threshold", 0.2)),
                profile(
                        "teacache",
                        EULER,
                        Map.of("signal", "timeProjection", "coefficients", PROJECTION, "retention", true)));

        // When
        CachePolicy plain = of(policies, "teacache", Map.of());
        CachePolicy retained = of(policies, "teacache", Map.of("retention", true, "threshold", 0.05));

        // Then: what the request says itself holds, and no threshold is taken that it did not ask for
        assertThat(plain).isEqualTo(new TeaCache(0.1, TIME, Signal.TIME, 1, true));
        assertThat(retained)
                .isEqualTo(new TeaCache(0.05, PROJECTION, Signal.TIME_PROJECTION, TeaCache.RETAINED, false));
        assertThat(warnings).isEmpty();
    }

    @Test
    void aRequestThatBringsItsConstantsNeedsNoProfile() {
        // Given
        ModelCachePolicies policies = ModelCachePolicies.of(folder);

        // When Then
        assertThat(of(policies, "magcache", Map.of("ratios", List.of(1.0, 0.9))))
                .isEqualTo(new MagCache(0.12, 4, 0.2, List.of(1.0, 0.9)));
        assertThat(of(policies, "precise", Map.of())).isEqualTo(new LFCache(0.5));
    }

    @Test
    void thePresetCalibratedTakesEveryOptionFromTheProfile() {
        // Given
        ModelCachePolicies policies = policies(profile("precise", EULER, Map.of("alpha", 0.9, "warmUp", 4)));

        // When
        CachePolicy policy = policies.of(
                "precise", Optional.of(ModelCachePolicies.CALIBRATED), Map.of("warmUp", 3), EULER, warnings::add);

        // Then
        assertThat(policy).isEqualTo(new LFCache(0.9));
    }

    @Test
    void aCalibratedThresholdIsTakenWhereItIsAskedForAlone() {
        // Given
        ModelCachePolicies policies = policies(profile(
                "magcache",
                EULER,
                Map.of("ratios", List.of(0.5), "unconditionedRatios", List.of(0.6), "threshold", 0.3, "maxSkip", 2)));

        // When
        CachePolicy plain = of(policies, "magcache", Map.of());
        CachePolicy calibrated =
                policies.of("magcache", Optional.of(ModelCachePolicies.CALIBRATED), Map.of(), EULER, warnings::add);

        // Then
        assertThat(plain).isEqualTo(new MagCache(0.12, 4, 0.2, List.of(0.5), List.of(0.6)));
        assertThat(calibrated).isEqualTo(new MagCache(0.3, 2, 0.2, List.of(0.5), List.of(0.6)));
    }

    @Test
    void theProfileOfTheSchedulerAndTheNearestNumberOfStepsIsTaken() {
        // Given
        ModelCachePolicies policies = policies(
                profile("magcache", new SamplingConditions(20, "euler", 3, "f32"), Map.of("ratios", List.of(0.2))),
                profile("magcache", EULER, Map.of("ratios", List.of(0.5))),
                profile("magcache", UNIPC, Map.of("ratios", List.of(0.7))));

        // When
        CachePolicy policy = policies.of(
                "magcache", Optional.empty(), Map.of(), new SamplingConditions(30, "euler", 3, "bf16"), warnings::add);

        // Then
        assertThat(policy).isEqualTo(new MagCache(0.12, 4, 0.2, List.of(0.2)));
        assertThat(warnings)
                .containsExactly(
                        "the profile of magcache was made for 20 steps, not 30: its curve is resampled",
                        "the profile of magcache was made in f32, not bf16");
    }

    @Test
    void withoutAProfileTheErrorSaysHowToMakeOne() {
        // Given
        ModelCachePolicies without = ModelCachePolicies.of(folder);
        ModelCachePolicies others = policies(profile("magcache", UNIPC, Map.of("ratios", List.of(0.7))));

        // When Then
        assertThatThrownBy(() -> of(without, "teacache", Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "cache.teacache coefficients for 50 steps of euler with shift 3.0 in f32",
                        "cache-profiles.json does not exist",
                        "lowpass calibrate --model " + folder + " --methods teacache");
        assertThatThrownBy(() -> of(others, "teacache", Map.of())).hasMessageContaining("only for magcache");
        assertThatThrownBy(() -> of(others, "magcache", Map.of()))
                .hasMessageContaining("only for 50 steps of unipc with shift 3.0 in f32");
    }

    @Test
    void profilesOfAnotherModelAreNotUsed() throws IOException {
        // Given
        Path file = folder.resolve("profiles.json");
        new CacheProfiles("sha256:" + "0".repeat(64), List.of(profile("teacache", EULER, Map.of("coefficients", TIME))))
                .write(file);

        // When
        ModelCachePolicies policies = ModelCachePolicies.of(MODEL, Optional.of(file));

        // Then
        assertThat(policies.problem())
                .hasValueSatisfying(said -> assertThat(said)
                        .contains("was made for another model (sha256:0000", ModelCachePolicies.fingerprint(MODEL)));
        assertThat(of(policies, "precise", Map.of())).isEqualTo(new LFCache(0.5));
        assertThatThrownBy(() -> of(policies, "teacache", Map.of())).hasMessageContaining("made for another model");
    }

    @ParameterizedTest
    @ValueSource(strings = {"euler", "unipc", "dpm++"})
    void theDemoModelHasItsConstants(String scheduler) {
        // Given
        Path demo = Path.of(System.getProperty("lowpass.root"), "shared", "demo-model");
        ModelCachePolicies policies = ModelCachePolicies.of(demo);
        SamplingConditions conditions = new SamplingConditions(50, scheduler, 3, "f32");

        // When
        CachePolicy tea = policies.of("teacache", Optional.empty(), Map.of(), conditions, warnings::add);
        CachePolicy retained =
                policies.of("teacache", Optional.empty(), Map.of("retention", true), conditions, warnings::add);
        CachePolicy mag = policies.of("magcache", Optional.empty(), Map.of(), conditions, warnings::add);

        // Then
        assertThat(policies.problem()).isEmpty();
        assertThat(((TeaCache) tea).signal()).contains(Signal.TIME);
        assertThat(((TeaCache) retained).signal()).contains(Signal.TIME_PROJECTION);
        assertThat(((MagCache) mag).ratios()).hasSize(50).isNotEqualTo(((MagCache) mag).unconditionedRatios());
        assertThat(warnings).isEmpty();
    }

    @Test
    void aFileThatIsNoFileOfProfilesIsRefusedWithWhatIsWrong() throws IOException {
        // Given
        String whole = Files.readString(written(profile("precise", EULER, Map.of("alpha", 0.9))));

        // When Then
        assertThat(CacheProfiles.read(file(whole)).profiles()).hasSize(1);
        assertThatThrownBy(() -> CacheProfiles.read(file("{"))).hasMessageContaining("is no file of cache profiles");
        assertThatThrownBy(() -> CacheProfiles.read(file(whole.replace("profiles-1", "profiles-2"))))
                .hasMessageContaining("'lowpass-cache-profiles-2' is not lowpass-cache-profiles-1");
        assertThatThrownBy(() -> CacheProfiles.read(file(whole.replace("\"steps\" : 50", "\"steps\" : 0"))))
                .hasMessageContaining("conditions.steps 0 is not at least 1");
        assertThatThrownBy(() -> CacheProfiles.read(file(whole.replace("\"dtype\"", "\"type\""))))
                .hasMessageContaining("type");
        assertThatThrownBy(() -> CacheProfiles.read(file(whole.replace("sha256:", "md5:"))))
                .hasMessageContaining("is not sha256:");
    }

    private CachePolicy of(ModelCachePolicies policies, String name, Map<String, Object> options) {
        return policies.of(name, Optional.empty(), options, EULER, warnings::add);
    }

    private ModelCachePolicies policies(CacheProfile... profiles) {
        return ModelCachePolicies.of(MODEL, Optional.of(written(profiles)));
    }

    private Path written(CacheProfile... profiles) {
        Path file = folder.resolve("written.json");
        new CacheProfiles(ModelCachePolicies.fingerprint(MODEL), List.of(profiles)).write(file);
        return file;
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("read.json"), content);
    }

    private static CacheProfile profile(String method, SamplingConditions conditions, Map<String, Object> options) {
        return new CacheProfile(method, options, conditions, Map.of("prompts", List.of("a big red ball")));
    }
}
