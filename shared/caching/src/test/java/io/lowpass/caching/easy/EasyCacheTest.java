package io.lowpass.caching.easy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.caching.Script;
import io.lowpass.caching.TwoBranches;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.testing.FeatureCacheContract;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class EasyCacheTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new EasyCache(0.3, 3);
    }

    @Override
    protected CachePolicy off() {
        return new EasyCache(0, 3);
    }

    @Test
    void sumsTheChangeOfTheLatentsTimesTheGainOfTheNetwork() {
        // Given: a gain of 2 from steps 0 and 1, then changes of 2 / 12 until the sum reaches 0.3; a gain of 2 again
        Script script = new Script(
                List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0),
                List.of(10.0, 12.0, 14.0, 16.0, 18.0, 20.0, 22.0),
                List.of(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0));
        // When
        Script.Played played = script.play(new EasyCache(0.3, 2));
        // Then
        assertThat(played.kinds()).isEqualTo("CCRCRRC");
        assertThat(played.predictions()).containsExactly(10.0, 12.0, 13.0, 16.0, 17.0, 18.0, 22.0);
        assertThat(played.reasons()).containsExactly("warm-up", "warm-up", "gain", "gain", "gain", "gain", "last step");
    }

    @Test
    void computesUntilTheGainIsKnown() {
        // Given
        Script script =
                new Script(List.of(0.0, 1.0, 2.0, 3.0), List.of(10.0, 10.0, 10.0, 10.0), List.of(0.0, 0.0, 0.0, 0.0));
        // When
        Script.Played played = script.play(new EasyCache(0.3, 1));
        // Then
        assertThat(played.kinds()).isEqualTo("CCRC");
        assertThat(played.reasons()).contains("no gain yet");
    }

    @Test
    void eachBranchReusesItsOwnDifference() {
        // Given: predictions that stand still, so that all steps but the first two and the last are reused
        IntToDoubleFunction conditioned = step -> 10;
        IntToDoubleFunction unconditioned = step -> 4;
        // When: guided by a scale that grows from step to step
        List<Double> guided = TwoBranches.play(new EasyCache(0.3, 2), 6, conditioned, unconditioned);
        // Then
        for (int i = 0; i < 6; i++) {
            assertThat(guided.get(i)).as("step %s", i).isCloseTo(TwoBranches.guided(i, 10, 4), within(1e-4));
        }
    }

    @Test
    void refusesWhatHasNoMeaning() {
        assertThatThrownBy(() -> new EasyCache(-1, 3)).hasMessageContaining("threshold -1.0");
        assertThatThrownBy(() -> new EasyCache(1, 0)).hasMessageContaining("warmUp 0");
    }
}
