package io.lowpass.caching.dual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.caching.BlockScript;
import io.lowpass.caching.dual.DualBlockCache.Limits;
import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.Signal;
import io.lowpass.testing.FeatureCacheContract;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DualBlockCacheTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new DualBlockCache(1, 1, 0.3, new Limits(2, 0, 0, 0));
    }

    @Override
    protected CachePolicy off() {
        return new DualBlockCache(1, 1, 0, new Limits(2, 0, 0, 0));
    }

    @Test
    void replaysTheBlocksBetweenTheFirstAndTheLast() {
        // Given
        BlockScript script = BlockScript.ofFirstBlock(1.0, 1.05, 1.2, 1.25, 1.0);
        // When
        BlockScript.Played played = script.play(new DualBlockCache(1, 1, 0.1, new Limits(0, 0, 0, 0)));
        // Then
        assertThat(played.kinds()).isEqualTo("CRCRC");
        assertThat(played.blocks()).containsExactly(4, 2, 4, 2, 4);
        assertThat(played.outputs().get(3)).isCloseTo(4.25, within(1e-6));
    }

    @Test
    void computesInTheWarmUpAndAtEveryLimit() {
        assertThat(kinds(7, new Limits(3, 0, 0, 0))).isEqualTo("CCCRRRR");
        assertThat(kinds(7, new Limits(1, 0, 2, 0))).isEqualTo("CRRCRRC");
        assertThat(kinds(7, new Limits(1, 3, 0, 0))).isEqualTo("CRRRCCC");
    }

    @Test
    void stopsReusingWhenTheChangesAddUp() {
        // Given: changes of 0.06
        BlockScript script = BlockScript.ofFirstBlock(1.0, 1.06, 1.06, 1.06, 1.06);
        // When
        BlockScript.Played played = script.play(new DualBlockCache(1, 0, 0.1, new Limits(1, 0, 0, 0.1)));
        // Then
        assertThat(played.kinds()).isEqualTo("CRRCC");
        assertThat(played.reasons().get(3)).isEqualTo("most change");
    }

    @Test
    void refusesWhatHasNoMeaningOrDoesNotFit() {
        assertThatThrownBy(() -> new DualBlockCache(0, 0, 1, new Limits(0, 0, 0, 0)))
                .hasMessageContaining("fn 0");
        assertThatThrownBy(() -> new DualBlockCache(1, -1, 1, new Limits(0, 0, 0, 0)))
                .hasMessageContaining("bn -1");
        assertThatThrownBy(() -> new Limits(-1, 0, 0, 0)).hasMessageContaining("warmUp -1");
        ModelOutline shallow =
                new ModelOutline(3, Set.of(), Set.of(Signal.INPUT), List.of(1, 2, 2), List.of(Branch.CONDITIONED));
        assertThatThrownBy(() -> new DualBlockCache(2, 1, 1, new Limits(0, 0, 0, 0)).requireFit(shallow, 20))
                .hasMessageContaining("fn 2 and bn 1");
    }

    private static String kinds(int steps, Limits limits) {
        return BlockScript.still(steps)
                .play(new DualBlockCache(1, 0, 0.1, limits))
                .kinds();
    }
}
