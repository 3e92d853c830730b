package io.lowpass.caching.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lowpass.caching.Cadence;
import io.lowpass.caching.Forecast.Form;
import io.lowpass.caching.StepWindow;
import io.lowpass.caching.dual.DualBlockCache;
import io.lowpass.caching.dual.ExtendedBlockCache;
import io.lowpass.caching.dual.StepMask;
import io.lowpass.caching.faster.FasterCache;
import io.lowpass.caching.faster.FasterCache.Boost;
import io.lowpass.caching.faster.FasterCache.Extrapolation;
import io.lowpass.caching.faster.FasterCache.PredictorHistory;
import io.lowpass.caching.fixed.Fixed;
import io.lowpass.caching.mag.MagCache;
import io.lowpass.caching.pab.FeedForwardBroadcast;
import io.lowpass.caching.pab.PyramidAttentionBroadcast;
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
import io.lowpass.caching.taylor.TaylorSeer;
import io.lowpass.caching.taylor.TaylorSeer.Scope;
import io.lowpass.caching.tea.TeaCache;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.fields.InvalidFieldsException;
import io.lowpass.fields.Problem;
import io.lowpass.fields.policies.PolicyTable;
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
    void limitsAndScopesAreThoseOfTheReferences() {
        assertThat(of("dbcache", Map.of("maxCached", -1, "maxConsecutive", 3, "warmUpInterval", 2)))
                .isEqualTo(new DualBlockCache(8, 0, 0.08, new DualBlockCache.ReuseLimits(8, 0, 3, 0, 2)));
        DualBlockCache usual = new DualBlockCache(8, 0, 0.08, new DualBlockCache.ReuseLimits(8, 0, 0, 0));
        assertThat(of(
                        "dbcache",
                        Map.of(
                                "computeMask",
                                List.of(1, 0, 1, 1, 1, 1, 1, 1, 1),
                                "maskPolicy",
                                "static",
                                "taylorOrder",
                                2)))
                .isEqualTo(new ExtendedBlockCache(
                        usual,
                        Optional.of(new StepMask(
                                List.of(true, false, true, true, true, true, true, true, true),
                                StepMask.Policy.STATIC)),
                        2));
        assertThat(of("dbcache", Map.of("taylorOrder", 0))).isEqualTo(usual);
        assertThat(of("taylorseer", Map.of("lite", true, "end", 2)))
                .isEqualTo(new TaylorSeer(5, 3, 1, Form.TAYLOR, Scope.PREDICTION, 2));
    }

    @Test
    void everythingThatIsWrongIsSaidAtOnce() {
        // When
        InvalidFieldsException refused = catchThrowableOfType(
                InvalidFieldsException.class,
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
                .extracting(Problem::field)
                .containsExactlyInAnyOrder(
                        "cache.preset",
                        "cache.alpha",
                        "cache.warmUp",
                        "cache.downsample",
                        "cache.speed",
                        "cache.blocks.reuse",
                        "cache.blocks.fraction");
        assertThat(refused)
                .hasMessageContaining("cache.downsample is \"cubic\", allowed is one of stride, pool")
                .hasMessageContaining("cache.blocks.reuse is -1, allowed is a whole number from 0 to 1000")
                .hasMessageContaining("x".repeat(79) + "…")
                .hasMessageContaining("cache.preset is \"warp\", allowed is one of base, turbo, flash");
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("precise", Map.of("alpha", "high"), "cache.alpha is \"high\""),
                Arguments.of("precise", Map.of("alpha", Double.POSITIVE_INFINITY), "cache.alpha is \"Infinity\""),
                Arguments.of("precise", Map.of("alpha", -1), "cache.alpha is -1"),
                Arguments.of("precise", Map.of("spatialFactor", 1, "temporalFactor", 1), "cache.spatialFactor is 1"),
                Arguments.of(
                        "precise", Map.of("accumulation", "consecutive", "reference", "cached"), "cache.reference"),
                Arguments.of(
                        "precise", Map.of("forceLast", "yes"), "cache.forceLast is \"yes\", allowed is true or false"),
                Arguments.of("precise", Map.of("blocks", 3), "cache.blocks is 3, allowed is an object"),
                Arguments.of(
                        "precise", Map.of("blocks", Map.of("cachedFraction", 1)), "cache.blocks.cachedFraction is 1"),
                Arguments.of("fixed", Map.of(), "cache.steps"),
                Arguments.of("fixed", Map.of("steps", List.of(0), "every", 2), "cache.steps"),
                Arguments.of("fixed", Map.of("steps", List.of(1, 2)), "a list that contains 0"),
                Arguments.of("fixed", Map.of("steps", List.of("a")), "cache.steps.0 is \"a\""),
                Arguments.of("fixed", Map.of("every", 0), "cache.every is 0"),
                Arguments.of("none", Map.of("alpha", 1), "cache.alpha is 1, allowed is one of policy"),
                Arguments.of(
                        "teacache",
                        Map.of("threshold", 1),
                        "cache.coefficients is missing, allowed is a list of 1 to 16 items"),
                Arguments.of(
                        "magcache",
                        Map.of("ratios", List.of(-1.0)),
                        "cache.ratios.0 is -1.0, allowed is a number above 0 and at most 1000"),
                Arguments.of(
                        "seacache", Map.of("order", 0.5), "cache.order is 0.5, allowed is a whole number from 0 to 1"),
                Arguments.of(
                        "taylorseer",
                        Map.of("form", "padé"),
                        "cache.form is \"padé\", allowed is one of taylor, newton"),
                Arguments.of(
                        "dbcache",
                        Map.of("computeMask", List.of(0, 1, 1, 1, 1, 1, 1, 1, 1)),
                        "allowed is a list that begins with 1"),
                Arguments.of(
                        "dbcache",
                        Map.of("computeMask", List.of(1, 2, 1, 1, 1, 1, 1, 1, 1)),
                        "cache.computeMask.1 is 2, allowed is a whole number from 0 to 1"),
                Arguments.of(
                        "dbcache",
                        Map.of("maskPolicy", "static"),
                        "cache.maskPolicy is \"static\", allowed is only with computeMask"),
                Arguments.of(
                        "dbcache",
                        Map.of("taylorOrder", 5),
                        "cache.taylorOrder is 5, allowed is a whole number from 0 to 4"),
                Arguments.of("pab", Map.of("spatialRange", 0), "cache.spatialRange is 0"),
                Arguments.of("pab", Map.of("crossWindow", List.of(2, 1)), "cache.crossWindow is [2,1]"),
                Arguments.of(
                        "pab",
                        Map.of("feedForward", Map.of("starts", List.of(1))),
                        "cache.feedForward.blocks is missing"),
                Arguments.of(
                        "pab",
                        Map.of("feedForward", Map.of("starts", List.of(1001), "blocks", List.of(0))),
                        "cache.feedForward.starts.0 is 1001"),
                Arguments.of(
                        "pab",
                        Map.of("spatialWindow", List.of(0.2, 0.8)),
                        "cache.spatialWindow is [0.2,0.8], allowed is a list of two ascending numbers with a whole number of 0"),
                Arguments.of(
                        "pab",
                        Map.of("windowUnit", "stepFraction", "spatialWindow", List.of(100, 850)),
                        "cache.spatialWindow is [100,850], allowed is a list of two ascending numbers of 0 to 1"),
                Arguments.of(
                        "fastercache", Map.of("highWindow", List.of(1000, 1001)), "cache.highWindow is [1000,1001]"),
                Arguments.of(
                        "fastercache",
                        Map.of("attentionPhase", 2),
                        "cache.attentionPhase is 2, allowed is below attentionEvery, which is 2"),
                Arguments.of("fastercache", Map.of("windowUnit", "days"), "allowed is one of timestep, stepFraction"),
                Arguments.of("magcache", Map.of("unconditionedRatios", 1), "cache.unconditionedRatios is 1"),
                Arguments.of("teleport", Map.of(), "cache.policy is \"teleport\", allowed is one of"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void namesFieldAndValue(String policy, Map<String, Object> options, String said) {
        assertThatThrownBy(() -> of(policy, options))
                .isInstanceOf(InvalidFieldsException.class)
                .hasMessageContaining(said);
    }

    @Test
    void aPolicyWithoutPresetsRefusesOne() {
        assertThatThrownBy(() -> CachePolicies.of("none", Optional.of("base"), Map.of()))
                .hasMessageContaining("cache.preset is \"base\"");
    }

    @Test
    void everyPublishedPresetIsReadable() {
        for (String policy : List.of("teacache", "magcache", "pab", "fastercache")) {
            assertThat(PolicyTable.policies().get(policy).presets().keySet())
                    .as(policy)
                    .isNotEmpty()
                    .allSatisfy(preset -> CachePolicies.of(policy, Optional.of(preset), Map.of()));
        }
        assertThat(PolicyTable.policies().get("precise").presets().keySet())
                .containsExactlyInAnyOrder("base", "turbo", "flash");
        assertThat(PolicyTable.policies().get("easycache").presets()).isEmpty();
    }

    @Test
    void publishedConstantsAreThoseOfTheirSource() {
        // When
        TeaCache tea = (TeaCache) published("teacache", "wan2.1-t2v-1.3b-retention", Map.of("threshold", 0.1));
        MagCache mag = (MagCache) published("magcache", "wan2.1-t2v-14b", Map.of());
        // Then
        assertThat(tea.coefficients().get(0)).isEqualTo(-52186.2437);
        assertThat(tea.signal()).contains(Signal.TIME_PROJECTION);
        assertThat(tea.warmUp()).isEqualTo(TeaCache.RETAINED);
        assertThat(tea.threshold()).isEqualTo(0.1);
        assertThat(mag.ratios()).hasSize(50).startsWith(1.0, 1.02504, 1.00025).endsWith(0.86111);
        assertThat(mag.unconditionedRatios()).hasSize(50).startsWith(1.0, 1.03017, 1.00251);
        assertThat(mag.maxSkip()).isEqualTo(6);
    }

    @Test
    void attentionMethodsAreReadWithTheirWindows() {
        // When
        CachePolicy pab = of("pab", Map.of("spatialRange", 2, "spatialWindow", List.of(100, 850)));
        FasterCache faster = (FasterCache) published("fastercache", "cogvideox", Map.of("weight", 0.4));
        // Then
        Cadence spatial = new Cadence(2, StepWindow.ofTimesteps(100, 850));
        Cadence whole = new Cadence(1, StepWindow.ofTimesteps(100, 800));
        assertThat(pab)
                .isEqualTo(new PyramidAttentionBroadcast(
                        Map.of(
                                SubLayer.SELF_ATTENTION,
                                spatial,
                                SubLayer.SPATIAL_ATTENTION,
                                spatial,
                                SubLayer.TEMPORAL_ATTENTION,
                                whole,
                                SubLayer.CROSS_ATTENTION,
                                whole),
                        FeedForwardBroadcast.NONE));
        assertThat(faster.attention()).isEqualTo(new Cadence(3, 2, StepWindow.ofSteps(0.34, 1)));
        assertThat(faster.extrapolation()).isEqualTo(new Extrapolation(0.4, 0.4, PredictorHistory.COMPUTED));
        assertThat(faster.low()).isEqualTo(new Boost(1.1, StepWindow.ofSteps(0, 0.8)));
    }

    private static CachePolicy published(String policy, String preset, Map<String, Object> options) {
        return CachePolicies.of(policy, Optional.of(preset), options);
    }

    private static CachePolicy of(String name, Map<String, Object> options) {
        return CachePolicies.of(name, Optional.empty(), options);
    }

    private static CachePolicy preset(String preset) {
        return CachePolicies.of("precise", Optional.of(preset), Map.of());
    }
}
