package io.lowpass.caching.dual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.caching.BlockScript;
import io.lowpass.caching.dual.DualBlockCache.ReuseLimits;
import io.lowpass.caching.dual.StepMask.Policy;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.StepRange;
import io.lowpass.testing.FeatureCacheContract;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExtendedBlockCacheTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new ExtendedBlockCache(
                new DualBlockCache(1, 1, 0.3, ReuseLimits.NONE),
                Optional.of(mask("11100010001100101010", Policy.STATIC)),
                1);
    }

    @Override
    protected CachePolicy off() {
        return new ExtendedBlockCache(
                new DualBlockCache(1, 1, 0, ReuseLimits.NONE),
                Optional.of(mask("10000010001100101010", Policy.DYNAMIC)),
                1);
    }

    @Test
    void markedStepsAreComputedAndTheOthersDecideWithinTheLimits() {
        // Given: a warm-up that the mask cuts short
        DualBlockCache blocks = new DualBlockCache(1, 0, 0.1, new ReuseLimits(5, 0, 2, 0));
        // When
        BlockScript.Played played = BlockScript.still(10).play(masked(blocks, mask("1000010000", Policy.DYNAMIC)));
        // Then: steps 3 and 8 are the third in a row
        assertThat(played.kinds()).isEqualTo("CRRCRCRRCR");
        assertThat(played.reasons().get(3)).isEqualTo("most in a row");
        assertThat(played.reasons().get(5)).isEqualTo("mask");
    }

    @Test
    void aChangeIsSeenInStepsThatAreNotMarked() {
        BlockScript script = BlockScript.ofFirstBlock(1.0, 1.05, 1.2, 1.25, 1.25);
        assertThat(script.play(masked(new DualBlockCache(1, 0, 0.1, ReuseLimits.NONE), mask("10010", Policy.DYNAMIC)))
                        .kinds())
                .isEqualTo("CRCCR");
    }

    @Test
    void aStaticMaskAsksNeitherTheBlocksNorTheLimits() {
        // Given
        DualBlockCache blocks = new DualBlockCache(1, 0, 0, new ReuseLimits(4, 1, 1, 0.01));
        BlockScript script = BlockScript.ofFirstBlock(1.0, 9.0, 1.0, 9.0, 1.0, 9.0);
        // When
        BlockScript.Played played = script.play(masked(blocks, mask("100100", Policy.STATIC)));
        // Then
        assertThat(played.kinds()).isEqualTo("CRRCRR");
        assertThat(played.blocks()).containsExactly(4, 1, 1, 4, 1, 1);
        assertThat(played.outputs().get(1)).isCloseTo(12, within(1e-6));
    }

    @Test
    void theBlocksBetweenAreContinuedAsASeries() {
        // Given: what the three blocks behind the first add grows evenly
        BlockScript script = BlockScript.ofOthers(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
        DualBlockCache blocks = new DualBlockCache(1, 0, 0.1, new ReuseLimits(2, 0, 2, 0));
        // When
        BlockScript.Played repeated = script.play(new ExtendedBlockCache(blocks, Optional.empty(), 0));
        BlockScript.Played continued = script.play(new ExtendedBlockCache(blocks, Optional.empty(), 1));
        // Then
        assertThat(repeated.kinds()).isEqualTo("CCRRCR");
        assertThat(repeated.outputs()).containsExactly(4.0, 7.0, 7.0, 7.0, 16.0, 16.0);
        assertThat(continued.kinds()).isEqualTo("CCFFCF");
        assertThat(continued.outputs()).containsExactly(4.0, 7.0, 10.0, 13.0, 16.0, 19.0);
    }

    @Test
    void anExpertFollowsItsSectionOfTheMaskFromAComputedStepOn() {
        // Given
        DualBlockCache blocks = new DualBlockCache(1, 0, 0.1, ReuseLimits.NONE);
        ExtendedBlockCache whole = masked(blocks, mask("1000010000", Policy.STATIC));
        // When, Then
        assertThat(whole.within(new StepRange(0, 4, 10))).isEqualTo(masked(blocks, mask("1000", Policy.STATIC)));
        assertThat(whole.within(new StepRange(4, 6, 10))).isEqualTo(masked(blocks, mask("110000", Policy.STATIC)));
        assertThat(whole.within(new StepRange(0, 10, 10))).isEqualTo(whole);
    }

    @Test
    void refusesWhatHasNoMeaningOrDoesNotFit() {
        DualBlockCache blocks = new DualBlockCache(1, 0, 0.1, new ReuseLimits(30, 0, 0, 0));
        ModelOutline model = new ModelOutline(4, Set.of(), Set.of(), List.of(1, 2, 2), List.of(Branch.CONDITIONED));
        CachePolicy masked = masked(blocks, mask("1001001000", Policy.DYNAMIC));
        // A warm-up that has no say may be as long as it likes.
        masked.requireFit(model, 10);
        assertThatThrownBy(() -> masked.requireFit(model, 12))
                .hasMessage("computeMask 1001001000 has 10 values, allowed is one for each of 12 steps");
        assertThatThrownBy(
                        () -> masked(blocks, mask("1111111111", Policy.DYNAMIC)).requireFit(model, 10))
                .hasMessageContaining("leaves nothing to reuse");
        assertThatThrownBy(() -> masked(blocks, mask("10", Policy.DYNAMIC)).requireFit(model, 2))
                .hasMessageContaining("steps 2");
        assertThatThrownBy(() -> masked(
                                new DualBlockCache(4, 0, 0.1, ReuseLimits.NONE), mask("1001001000", Policy.DYNAMIC))
                        .requireFit(model, 10))
                .hasMessageContaining("leave nothing to reuse of 4 blocks");
        assertThatThrownBy(() -> mask("0111", Policy.DYNAMIC)).hasMessageContaining("0111 does not begin with 1");
        assertThatThrownBy(() -> new ExtendedBlockCache(blocks, Optional.empty(), 5))
                .hasMessageContaining("taylorOrder 5");
        assertThatThrownBy(() -> new ExtendedBlockCache(blocks, Optional.empty(), 1).requireFit(model, 20))
                .hasMessageContaining("30");
    }

    private static ExtendedBlockCache masked(DualBlockCache blocks, StepMask mask) {
        return new ExtendedBlockCache(blocks, Optional.of(mask), 0);
    }

    private static StepMask mask(String steps, Policy policy) {
        return new StepMask(steps.chars().mapToObj(step -> step == '1').toList(), policy);
    }
}
