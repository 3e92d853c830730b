package io.lowpass.caching.firstblock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.caching.BlockScript;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.testing.FeatureCacheContract;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FirstBlockCacheTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new FirstBlockCache(0.3);
    }

    @Override
    protected CachePolicy off() {
        return new FirstBlockCache(0);
    }

    @Test
    void comparesTheFirstBlockWithTheLastStepThatWasComputed() {
        // Given: changes 0.05, 0.2, then from 1.2 about 0.08 and 0.17
        BlockScript script = BlockScript.ofFirstBlock(1.0, 1.05, 1.2, 1.3, 1.0);
        // When
        BlockScript.Played played = script.play(new FirstBlockCache(0.1));
        // Then
        assertThat(played.kinds()).isEqualTo("CRCRC");
        assertThat(played.blocks()).containsExactly(4, 1, 4, 1, 4);
        assertThat(played.outputs().get(1)).isCloseTo(4.05, within(1e-6));
    }

    @Test
    void refusesWhatHasNoMeaningOrDoesNotFit() {
        assertThatThrownBy(() -> new FirstBlockCache(Double.NaN)).hasMessageContaining("threshold NaN");
        ModelOutline shallow =
                new ModelOutline(1, Set.of(), Set.of(Signal.INPUT), List.of(1, 2, 2), List.of(Branch.CONDITIONED));
        assertThatThrownBy(() -> new FirstBlockCache(1).requireFit(shallow, 20)).hasMessageContaining("depth 1");
    }
}
