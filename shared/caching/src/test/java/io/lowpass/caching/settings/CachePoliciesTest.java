package io.lowpass.caching.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lowpass.caching.fixed.Fixed;
import io.lowpass.caching.precise.BlockCache;
import io.lowpass.caching.precise.BlockCache.Sets;
import io.lowpass.caching.precise.Downsampling;
import io.lowpass.caching.precise.Downsampling.Operator;
import io.lowpass.caching.precise.LFCache;
import io.lowpass.caching.precise.LFCache.Accumulation;
import io.lowpass.caching.precise.LFCache.Reference;
import io.lowpass.caching.precise.LFCache.Weight;
import io.lowpass.caching.precise.PreciseCache;
import io.lowpass.caching.precise.Reuse;
import io.lowpass.diffusion.CachePolicy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CachePoliciesTest {

    @Test
    void presetsAreThoseOfThePaper() {
        assertThat(preset("base")).isEqualTo(new LFCache(0.5));
        assertThat(preset("turbo")).isEqualTo(new LFCache(0.7));
        assertThat(preset("flash")).isEqualTo(new PreciseCache(new LFCache(0.7), new BlockCache(0.4, 3)));
        assertThat(of("precise", Map.of())).isEqualTo(new LFCache(0.5));
    }

    @Test
    void optionsRefineAPreset() {
        // When
        CachePolicy policy = CachePolicies.of(
                "precise",
                Optional.of("flash"),
                Map.of("alpha", 0.6, "warmUp", 4, "blocks", Map.of("reuse", 1, "sets", "perBranch")));
        // Then
        LFCache steps = new LFCache(
                0.6,
                4,
                Downsampling.PAPER,
                0.2,
                Reference.CACHED,
                Accumulation.ANCHOR,
                Weight.NONE,
                false,
                Reuse.PREDICTION);
        assertThat(policy).isEqualTo(new PreciseCache(steps, new BlockCache(0.4, 1, 4, Sets.PER_BRANCH)));
    }

    @Test
    void everyOptionOfLfCacheIsRead() {
        // When
        CachePolicy policy = of(
                "precise",
                Map.of(
                        "temporalFactor",
                        1,
                        "spatialFactor",
                        2,
                        "downsample",
                        "pool",
                        "maskFraction",
                        0.25,
                        "accumulation",
                        "consecutive",
                        "weight",
                        "dt",
                        "forceLast",
                        true,
                        "reuse",
                        "stepTaylor1"));
        // Then
        assertThat(policy)
                .isEqualTo(new LFCache(
                        0.5,
                        3,
                        new Downsampling(1, 2, Operator.POOL),
                        0.25,
                        Reference.TRIAL,
                        Accumulation.CONSECUTIVE,
                        Weight.DT,
                        true,
                        Reuse.STEP_TAYLOR1));
    }

    @Test
    void theControlsAreThere() {
        assertThat(of("none", Map.of())).isSameAs(CachePolicy.NONE);
        assertThat(of("fixed", Map.of("steps", List.of(0, 4, 2)))).isEqualTo(Fixed.at(Set.of(0, 2, 4)));
        assertThat(of("fixed", Map.of("every", 2))).isEqualTo(Fixed.every(2));
        assertThat(CachePolicies.names()).contains("none", "precise", "fixed");
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        // When
        InvalidCacheSettingsException refused = catchThrowableOfType(
                InvalidCacheSettingsException.class,
                () -> CachePolicies.of(
                        "precise",
                        Optional.of("warp"),
                        Map.of(
                                "alpha",
                                Double.NaN,
                                "warmUp",
                                1.5,
                                "downsample",
                                "cubic",
                                "speed",
                                "x".repeat(100),
                                "blocks",
                                Map.of("reuse", -1, "fraction", 0.4))));
        // Then
        assertThat(refused.problems())
                .extracting(InvalidCacheSettingsException.Problem::field)
                .containsExactlyInAnyOrder(
                        "cache.preset",
                        "cache.alpha",
                        "cache.warmUp",
                        "cache.downsample",
                        "cache.speed",
                        "cache.blocks.reuse",
                        "cache.blocks.fraction");
        assertThat(refused)
                .hasMessageContaining("cache.downsample cubic is not stride or pool")
                .hasMessageContaining("cache.blocks.reuse -1 is not a whole number of at least 0")
                .hasMessageContaining("x".repeat(60) + "…")
                .hasMessageContaining("cache.preset warp is not base, turbo or flash");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("precise", Map.of("alpha", "high"), "cache.alpha high"),
                Arguments.of("precise", Map.of("alpha", Double.POSITIVE_INFINITY), "cache.alpha Infinity"),
                Arguments.of("precise", Map.of("alpha", -1), "cache.alpha -1"),
                Arguments.of("precise", Map.of("spatialFactor", 1, "temporalFactor", 1), "cache.spatialFactor 1"),
                Arguments.of(
                        "precise", Map.of("accumulation", "consecutive", "reference", "cached"), "cache.reference"),
                Arguments.of("precise", Map.of("forceLast", "yes"), "cache.forceLast yes is not true or false"),
                Arguments.of("precise", Map.of("blocks", 3), "cache.blocks 3 is not an object"),
                Arguments.of("precise", Map.of("blocks", Map.of("cachedFraction", 1)), "cache.blocks.cachedFraction 1"),
                Arguments.of("fixed", Map.of(), "cache.steps"),
                Arguments.of("fixed", Map.of("steps", List.of(0), "every", 2), "cache.steps"),
                Arguments.of("fixed", Map.of("steps", List.of(1, 2)), "a list with 0"),
                Arguments.of("fixed", Map.of("steps", List.of("a")), "cache.steps [a]"),
                Arguments.of("fixed", Map.of("every", 0), "cache.every 0"),
                Arguments.of("none", Map.of("alpha", 1), "cache.alpha 1"),
                Arguments.of("teacache", Map.of("threshold", 1), "cache.coefficients missing is not a list of numbers"),
                Arguments.of("magcache", Map.of("ratios", List.of(-1.0)), "a list of positive numbers"),
                Arguments.of("seacache", Map.of("order", 0.5), "cache.order 0.5 is not 0 or 1"),
                Arguments.of("taylorseer", Map.of("form", "padé"), "cache.form padé is not taylor or newton"),
                Arguments.of("teleport", Map.of(), "cache.policy teleport is not one of"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void namesFieldAndValue(String policy, Map<String, Object> options, String said) {
        assertThatThrownBy(() -> of(policy, options))
                .isInstanceOf(InvalidCacheSettingsException.class)
                .hasMessageContaining(said);
    }

    @Test
    void aPolicyWithoutPresetsRefusesOne() {
        assertThatThrownBy(() -> CachePolicies.of("none", Optional.of("base"), Map.of()))
                .hasMessageContaining("cache.preset base");
    }

    private static CachePolicy of(String name, Map<String, Object> options) {
        return CachePolicies.of(name, Optional.empty(), options);
    }

    private static CachePolicy preset(String preset) {
        return CachePolicies.of("precise", Optional.of(preset), Map.of());
    }
}
