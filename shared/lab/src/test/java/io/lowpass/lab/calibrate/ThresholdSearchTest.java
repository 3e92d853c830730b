package io.lowpass.lab.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lowpass.lab.calibrate.Target.Goal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThresholdSearchTest {

    private final List<Double> tried = new ArrayList<>();

    @Test
    void theSmallestThresholdThatIsFastEnoughIsFoundFromEitherSide() {
        // When
        Trial below = search(new Target(Goal.SPEEDUP, 1.5));
        Trial above = search(new Target(Goal.SPEEDUP, 3));

        // Then: a threshold x makes a speed-up of 1 + 4 x
        assertThat(below.speedup()).isBetween(1.5, 1.5 * 1.02);
        assertThat(above.speedup()).isBetween(3.0, 3.0 * 1.02);
        assertThat(tried).hasSizeLessThan(20);
    }

    @Test
    void theLargestThresholdThatStaysCloseEnoughIsFound() {
        // When: a threshold x leaves 40 - 10 x dB
        Trial best = search(new Target(Goal.PSNR, 36));

        // Then
        assertThat(best.psnr()).isBetween(36.0, 36.3);
    }

    @Test
    void aTargetThatNoThresholdMeetsIsRefusedWithTheNearest() {
        // When Then
        assertThatThrownBy(() -> search(new Target(Goal.SPEEDUP, 9)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no threshold reaches 9.0x fewer multiply-adds")
                .hasMessageContaining("comes to 5.0x");
        assertThatThrownBy(() -> search(new Target(Goal.PSNR, 41)))
                .hasMessageContaining("no threshold reaches 41.0 dB");
        assertThatThrownBy(() -> new Target(Goal.SPEEDUP, 1)).hasMessageContaining("--target-speedup is 1.0");
        assertThatThrownBy(() -> new Target(Goal.PSNR, Double.NaN)).hasMessageContaining("--target-psnr is NaN");
    }

    @Test
    void whatAnyThresholdMeetsTakesTheFarthestThatWasTried() {
        // Given: a target that is met however little is reused, and one that is met however much is
        Trial first = new ThresholdSearch(new Target(Goal.SPEEDUP, 2), x -> new Trial(x, 4, 20)).run();
        Trial last = new ThresholdSearch(new Target(Goal.PSNR, 10), x -> new Trial(x, 4, 20)).run();

        // When Then
        assertThat(first.threshold()).isLessThan(1e-4);
        assertThat(last.threshold()).isGreaterThan(1000);
    }

    private Trial search(Target target) {
        return new ThresholdSearch(target, threshold -> {
                    tried.add(threshold);
                    double reused = Math.min(1, threshold);
                    return new Trial(threshold, 1 + 4 * reused, 40 - 10 * reused);
                })
                .run();
    }
}
