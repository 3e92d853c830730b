package io.lowpass.caching.mag;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.caching.BlockScript;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.StepRange;
import io.lowpass.testing.FeatureCacheContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class MagCacheTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new MagCache(0.3, 3, 0.2, List.of(1.0, 0.9));
    }

    @Override
    protected CachePolicy off() {
        return new MagCache(0, 3, 0.2, List.of(1.0));
    }

    private static final List<Double> CURVE = List.of(1.0, 1.0, 0.9, 0.9, 0.8, 1.0, 1.0, 1.0);

    @Test
    void sumsTheErrorThatTheCurvePredicts() {
        // Given: errors 0.1, then 0.19, then (anew) 0.2, 0.2, then 0 and 0
        MagCache cache = new MagCache(0.25, 2, 0.25, CURVE);
        // When
        BlockScript.Played played = BlockScript.still(8).play(cache);
        // Then
        assertThat(played.kinds()).isEqualTo("CCRCRCRR");
        assertThat(played.blocks()).containsExactly(4, 4, 0, 4, 0, 4, 0, 0);
    }

    @Test
    void reusesNoMoreStepsInARowThanAllowed() {
        assertThat(BlockScript.still(8).play(new MagCache(0.25, 1, 0.25, CURVE)).kinds())
                .isEqualTo("CCRCRCRC");
    }

    @Test
    void errorsAreSummedInSinglePrecision() {
        // Given: an error that is above the threshold in double precision and below it in single precision
        MagCache cache = new MagCache(0.03, 1, 0.25, List.of(1.0, 1.0, 0.97, 0.97, 0.97, 0.97, 0.97, 0.97, 0.97));
        assertThat(1 - 0.97).isGreaterThan(0.03);
        // When, Then
        assertThat(BlockScript.still(9).play(cache).kinds()).isEqualTo("CCRCRCRCR");
    }

    @Test
    void aCurveOfAnotherLengthIsSampledAtTheNearestSteps() {
        // Given: of 4 values over 7 steps those at 0, 0, 1, 2, 2, 2, 3 (halves to even)
        MagCache cache = new MagCache(0.25, 9, 0, List.of(1.0, 0.5, 1.0, 1.0));
        // When
        BlockScript.Played played = BlockScript.still(7).play(cache);
        // Then
        assertThat(played.kinds()).isEqualTo("CRCRRRR");
    }

    @Test
    void anExpertFollowsItsSectionOfTheCurve() {
        // Given
        List<Double> short4 = List.of(1.0, 0.5, 0.9, 0.8);
        MagCache cache = new MagCache(0.25, 2, 0.25, CURVE, short4);
        // When, Then: of 4 values over 8 steps those at 0, 0, 1, 1, 2, 2, 3, 3
        assertThat(cache.within(new StepRange(3, 5, 8)))
                .isEqualTo(new MagCache(
                        0.25, 2, 0.25, List.of(0.9, 0.8, 1.0, 1.0, 1.0), List.of(0.5, 0.9, 0.9, 0.8, 0.8)));
        assertThat(cache.within(new StepRange(0, 8, 8))).isEqualTo(cache);
    }

    @Test
    void eachBranchFollowsItsOwnCurve() {
        // Given: a still curve beside the one of the conditioned branch
        List<Double> still = List.of(1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0);
        MagCache cache = new MagCache(0.25, 2, 0.25, CURVE, still);

        // When
        BlockScript.Played conditioned = BlockScript.still(8).play(cache, Branch.CONDITIONED);
        BlockScript.Played unconditioned = BlockScript.still(8).play(cache, Branch.UNCONDITIONED);

        // Then
        assertThat(conditioned.kinds()).isEqualTo("CCRCRCRR");
        assertThat(unconditioned.kinds()).isEqualTo("CCRRCRRC");
    }

    @Test
    void refusesWhatHasNoMeaning() {
        assertThatThrownBy(() -> new MagCache(1, 0, 0.2, CURVE)).hasMessageContaining("maxSkip 0");
        assertThatThrownBy(() -> new MagCache(1, 1, 1, CURVE)).hasMessageContaining("retention 1.0");
        assertThatThrownBy(() -> new MagCache(1, 1, 0.2, List.of(0.0))).hasMessageContaining("ratios [0.0]");
        assertThatThrownBy(() -> new MagCache(1, 1, 0.2, CURVE, List.of()))
                .hasMessageContaining("unconditionedRatios []");
    }
}
