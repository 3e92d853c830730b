package io.lowpass.caching.tea;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.caching.BlockScript;
import io.lowpass.caching.settings.CachePolicies;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.testing.FeatureCacheContract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TeaCacheTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new TeaCache(0.4, List.of(1.0, 0.0), Signal.INPUT, 1, true);
    }

    @Override
    protected CachePolicy off() {
        return new TeaCache(0, List.of(-1.0, 0.0), Signal.INPUT, 1, true);
    }

    @Test
    void sumsTheRescaledChangesOfTheSignal() {
        // Given: changes 0.25, 0.2, 0.2, 0, 0.6, doubled by the polynomial
        BlockScript script = BlockScript.ofSignals(1.0, 1.25, 1.5, 1.8, 1.8, 2.88);
        // When
        BlockScript.Played played = script.play(new TeaCache(1, List.of(2.0, 0.0), Signal.TIME, 1, false));
        // Then
        assertThat(played.kinds()).isEqualTo("CRRCRC");
        assertThat(played.blocks()).containsExactly(4, 0, 0, 4, 0, 4);
        assertThat(played.outputs()).containsOnly(4.0);
    }

    @Test
    void theSignalIsComputedOnceAStep() {
        // When: in some families it is a whole tensor of tokens, computed when it is asked for
        BlockScript.Played played =
                BlockScript.still(4).play(new TeaCache(1, List.of(1.0, 0.0), Signal.INPUT, 1, false));
        // Then
        assertThat(played.signals()).containsExactly(1, 1, 1, 1);
    }

    @Test
    void computesTheFirstStepsAndTheLastWhenAsked() {
        // When
        BlockScript.Played played = BlockScript.still(7).play(new TeaCache(1, List.of(1.0, 0.0), Signal.TIME, 3, true));
        // Then
        assertThat(played.kinds()).isEqualTo("CCCRRRC");
        assertThat(played.reasons()).startsWith("warm-up").endsWith("last step");
    }

    @Test
    void thePolynomialIsOfTheHighestPowerFirst() {
        // Given: at a change of 0.5, 4 x 0.25 - 1 x 0.5 + 0.1 = 0.6
        BlockScript script = BlockScript.ofSignals(1.0, 1.5, 2.25);
        // When
        BlockScript.Played played = script.play(new TeaCache(0.61, List.of(4.0, -1.0, 0.1), Signal.TIME, 1, false));
        // Then
        assertThat(played.kinds()).isEqualTo("CRC");
    }

    @Test
    void watchesWhatTheModelNamesUnlessToldOtherwise() {
        // Given
        CachePolicy unspecified = CachePolicies.of(
                "teacache", Optional.empty(), Map.of("coefficients", List.of(1, 0), "retention", false));
        CachePolicy retained = CachePolicies.of(
                "teacache", Optional.empty(), Map.of("coefficients", List.of(1, 0), "retention", true));
        // When, Then
        unspecified.requireFit(indicatedBy(Signal.INPUT), 20);
        assertThatThrownBy(() -> unspecified.requireFit(indicatedBy(Signal.TIME), 20))
                .hasMessageContaining("signal TIME");
        assertThatThrownBy(() -> retained.requireFit(indicatedBy(Signal.INPUT), 20))
                .hasMessageContaining("signal TIME_PROJECTION");
    }

    private static ModelOutline indicatedBy(Signal indicator) {
        return new ModelOutline(
                4,
                List.of(4),
                Set.of(),
                Set.of(Signal.INPUT),
                indicator,
                List.of(1, 2, 2),
                List.of(Branch.CONDITIONED));
    }

    @Test
    void refusesWhatHasNoMeaningOrDoesNotFit() {
        assertThatThrownBy(() -> new TeaCache(Double.NaN, List.of(1.0), Signal.TIME, 1, true))
                .hasMessageContaining("threshold NaN");
        assertThatThrownBy(() -> new TeaCache(1, List.of(), Signal.TIME, 1, true))
                .hasMessageContaining("coefficients");
        assertThatThrownBy(() -> new TeaCache(1, List.of(1.0), Signal.TIME, 0, true))
                .hasMessageContaining("warmUp 0");
        ModelOutline plain =
                new ModelOutline(4, Set.of(), Set.of(Signal.INPUT), List.of(1, 2, 2), List.of(Branch.CONDITIONED));
        CachePolicy cache = new TeaCache(1, List.of(1.0), Signal.TIME, 1, true);
        assertThatThrownBy(() -> cache.requireFit(plain, 20)).hasMessageContaining("signal TIME");
        assertThatThrownBy(() -> cache.requireFit(plain, 2)).hasMessageContaining("steps 2");
    }
}
