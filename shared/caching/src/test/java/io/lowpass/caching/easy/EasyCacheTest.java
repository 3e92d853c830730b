package io.lowpass.caching.easy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.caching.Script;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.testing.FeatureCacheContract;
import java.util.List;
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
    void refusesWhatHasNoMeaning() {
        assertThatThrownBy(() -> new EasyCache(-1, 3)).hasMessageContaining("threshold -1.0");
        assertThatThrownBy(() -> new EasyCache(1, 0)).hasMessageContaining("warmUp 0");
    }
}
