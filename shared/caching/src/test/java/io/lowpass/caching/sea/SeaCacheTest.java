package io.lowpass.caching.sea;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.BlockScript;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.steps.StepRange;
import io.lowpass.testing.FeatureCacheContract;
import org.junit.jupiter.api.Test;

class SeaCacheTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new SeaCache(0.6, 1, 1, 1, 2, 3);
    }

    @Override
    protected CachePolicy off() {
        return new SeaCache(0, 1, 1, 1, 2, 3);
    }

    @Test
    void computesAtBothEndsAndAfterTheMostReusesInARow() {
        // When
        BlockScript.Played played = BlockScript.still(8).play(new SeaCache(1e9, 0, 2, 1, 2, 3));
        // Then
        assertThat(played.kinds()).isEqualTo("CCRRCRRC");
        assertThat(played.reasons().get(4)).isEqualTo("most in a row");
        assertThat(BlockScript.still(7).play(new SeaCache(1e9, 1, 1, 1, 0, 3)).kinds())
                .isEqualTo("CFFFFFC");
    }

    @Test
    void extrapolatesTheLastTwoComputedSteps() {
        // Given: the blocks add 4 and 5 at steps 0 and 1
        BlockScript script = BlockScript.ofFirstBlock(1.0, 2.0, 0.0, 0.0, 0.0);
        // When
        BlockScript.Played played = script.play(new SeaCache(1e9, 1, 2, 1, 2, 3));
        // Then
        assertThat(played.kinds()).isEqualTo("CCFFC");
        assertThat(played.outputs()).containsExactly(4.0, 5.0, 6.0, 7.0, 3.0);
    }

    @Test
    void theFilterKeepsEverythingOfCleanLatentsAndTheMeanOfNoisyOnes() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given: a wave of the highest frequency
            NDArray wave = manager.create(new float[] {1, -1, 1, -1, 1, -1, 1, -1}, new Shape(1, 1, 1, 1, 8));
            NDArray flat = manager.ones(new Shape(1, 1, 1, 1, 8));
            // When
            double clean = WienerFilter.apply(wave, 0.01, 3).abs().mean().getFloat();
            double noisy = WienerFilter.apply(wave, 0.99, 3).abs().mean().getFloat();
            double mean = WienerFilter.apply(flat, 0.99, 3).abs().mean().getFloat();
            // Then
            assertThat(clean).isCloseTo(1, within(0.02));
            assertThat(noisy).isLessThan(0.1 * mean);
        }
    }

    @Test
    void theFirstAndLastStepsOfTheWholeAreComputedWhicheverExpertHasThem() {
        // Given
        SeaCache cache = new SeaCache(0.3, 1, 3, 2, 0, 3);
        // When, Then
        assertThat(cache.within(new StepRange(0, 12, 20))).isEqualTo(new SeaCache(0.3, 1, 3, 0, 0, 3));
        assertThat(cache.within(new StepRange(12, 8, 20))).isEqualTo(new SeaCache(0.3, 1, 0, 2, 0, 3));
        assertThat(cache.within(new StepRange(2, 17, 20))).isEqualTo(new SeaCache(0.3, 1, 1, 1, 0, 3));
        assertThat(cache.within(new StepRange(0, 20, 20))).isEqualTo(cache);
    }

    @Test
    void refusesWhatHasNoMeaning() {
        assertThatThrownBy(() -> new SeaCache(1, 2, 1, 1, 2, 3)).hasMessageContaining("order 2");
        assertThatThrownBy(() -> new SeaCache(1, 1, -1, 1, 2, 3)).hasMessageContaining("retention -1");
        assertThatThrownBy(() -> new SeaCache(1, 1, 1, 1, 2, 0)).hasMessageContaining("power 0.0");
        assertThatThrownBy(() -> new SeaCache(-1, 1, 1, 1, 2, 3)).hasMessageContaining("threshold -1.0");
    }
}
