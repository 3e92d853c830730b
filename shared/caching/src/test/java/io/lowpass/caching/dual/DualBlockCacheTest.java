package io.lowpass.caching.dual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.caching.BlockScript;
import io.lowpass.caching.dual.DualBlockCache.ReuseLimits;
import io.lowpass.caching.dual.DualBlockCache.Scope;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.testing.FeatureCacheContract;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DualBlockCacheTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new DualBlockCache(1, 1, 0.3, new ReuseLimits(2, 0, 0, 0));
    }

    @Override
    protected CachePolicy off() {
        return new DualBlockCache(1, 1, 0, new ReuseLimits(2, 0, 0, 0));
    }

    @Test
    void replaysTheBlocksBetweenTheFirstAndTheLast() {
        // Given
        BlockScript script = BlockScript.ofFirstBlock(1.0, 1.05, 1.2, 1.25, 1.0);
        // When
        BlockScript.Played played = script.play(new DualBlockCache(1, 1, 0.1, new ReuseLimits(0, 0, 0, 0)));
        // Then
        assertThat(played.kinds()).isEqualTo("CRCRC");
        assertThat(played.blocks()).containsExactly(4, 2, 4, 2, 4);
        assertThat(played.outputs().get(3)).isCloseTo(4.25, within(1e-6));
    }

    @Test
    void computesInTheWarmUpAndAtEveryLimit() {
        assertThat(kinds(7, new ReuseLimits(3, 0, 0, 0))).isEqualTo("CCCRRRR");
        assertThat(kinds(7, new ReuseLimits(1, 0, 2, 0))).isEqualTo("CRRCRRC");
        assertThat(kinds(7, new ReuseLimits(1, 3, 0, 0))).isEqualTo("CRRRCCC");
    }

    @Test
    void stopsReusingWhenTheChangesAddUp() {
        // Given: changes of 0.06
        BlockScript script = BlockScript.ofFirstBlock(1.0, 1.06, 1.06, 1.06, 1.06);
        // When
        BlockScript.Played played = script.play(new DualBlockCache(1, 0, 0.1, new ReuseLimits(1, 0, 0, 0.1)));
        // Then
        assertThat(played.kinds()).isEqualTo("CRRCC");
        assertThat(played.reasons().get(3)).isEqualTo("most change");
    }

    @Test
    void theChangeOfAStepThatIsComputedCountsToo() {
        // Given: changes of 0.06 and, from the computed step on, 0.2
        BlockScript script = BlockScript.ofFirstBlock(1.0, 1.06, 1.2, 1.2, 1.2);
        // When
        BlockScript.Played played = script.play(new DualBlockCache(1, 0, 0.1, new ReuseLimits(1, 0, 0, 0.25)));
        // Then
        assertThat(played.kinds()).isEqualTo("CRCCC");
        assertThat(played.reasons().subList(2, 5)).containsExactly("first blocks", "most change", "most change");
    }

    @Test
    void eachListOfBlocksDecidesForItself() {
        // Given: what the first block of the second list adds never changes
        BlockScript script = BlockScript.ofFirstBlock(1.0, 1.05, 1.2, 1.25, 1.0);
        List<Integer> lists = List.of(2, 2);
        // When
        BlockScript.Played apart =
                script.play(new DualBlockCache(1, 0, 0.1, ReuseLimits.NONE), Branch.CONDITIONED, lists);
        BlockScript.Played together =
                script.play(new DualBlockCache(1, 0, 0.1, ReuseLimits.NONE, Scope.MODEL), Branch.CONDITIONED, lists);
        // Then
        assertThat(apart.blocks()).containsExactly(4, 2, 3, 2, 3);
        assertThat(apart.kinds()).isEqualTo("CRCRC");
        assertThat(together.blocks()).containsExactly(4, 1, 4, 1, 4);
    }

    @Test
    void aThresholdOfOneReusesWhateverTheChange() {
        // Given
        BlockScript script = BlockScript.ofFirstBlock(1.0, 9.0, 1.0, 9.0, 1.0);
        // When, Then
        assertThat(script.play(new DualBlockCache(1, 0, 1, new ReuseLimits(1, 0, 3, 0.1)))
                        .kinds())
                .isEqualTo("CRRRC");
        assertThat(script.play(new DualBlockCache(1, 0, 1, ReuseLimits.NONE, Scope.MODEL))
                        .kinds())
                .isEqualTo("CCRRR");
    }

    @Test
    void aWarmUpMayRunOnlySomeOfItsSteps() {
        assertThat(kinds(8, new ReuseLimits(5, 0, 0, 0, 2))).isEqualTo("CRCRCRRR");
    }

    @Test
    void refusesWhatHasNoMeaningOrDoesNotFit() {
        assertThatThrownBy(() -> new DualBlockCache(0, 0, 1, new ReuseLimits(0, 0, 0, 0)))
                .hasMessageContaining("fn 0");
        assertThatThrownBy(() -> new DualBlockCache(1, -1, 1, new ReuseLimits(0, 0, 0, 0)))
                .hasMessageContaining("bn -1");
        assertThatThrownBy(() -> new ReuseLimits(1, 0, 0, 0, 0)).hasMessageContaining("warmUpInterval 0");
        assertThatThrownBy(() -> new ReuseLimits(-1, 0, 0, 0)).hasMessageContaining("warmUp -1");
        ModelOutline shallow =
                new ModelOutline(3, Set.of(), Set.of(Signal.INPUT), List.of(1, 2, 2), List.of(Branch.CONDITIONED));
        assertThatThrownBy(() -> new DualBlockCache(2, 1, 1, new ReuseLimits(0, 0, 0, 0)).requireFit(shallow, 20))
                .hasMessageContaining("fn 2 and bn 1");
        ModelOutline lists = new ModelOutline(
                6,
                List.of(2, 4),
                Set.of(),
                Set.of(Signal.INPUT),
                Signal.INPUT,
                List.of(1, 2, 2),
                List.of(Branch.CONDITIONED));
        assertThatThrownBy(() -> new DualBlockCache(2, 1, 1, ReuseLimits.NONE).requireFit(lists, 20))
                .hasMessageContaining("fn 2 and bn 1 are more");
        assertThatThrownBy(() -> new DualBlockCache(2, 2, 1, ReuseLimits.NONE).requireFit(lists, 20))
                .hasMessageContaining("leave nothing to reuse of 2 and 4 blocks");
        new DualBlockCache(1, 1, 1, ReuseLimits.NONE).requireFit(lists, 20);
    }

    private static String kinds(int steps, ReuseLimits limits) {
        return BlockScript.still(steps)
                .play(new DualBlockCache(1, 0, 0.1, limits))
                .kinds();
    }
}
