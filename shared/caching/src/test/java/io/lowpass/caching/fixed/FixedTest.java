package io.lowpass.caching.fixed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.lowpass.caching.CoarseGrid;
import io.lowpass.caching.Script;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.steps.StepRange;
import io.lowpass.testing.FeatureCacheContract;
import io.lowpass.testing.ToyRun;
import io.lowpass.testing.ToyTransformer;
import io.lowpass.testing.ToyWan;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FixedTest extends FeatureCacheContract {

    private static final Script SCRIPT = new Script(List.of(1.0, 2.0, 3.0, 4.0, 5.0), List.of(0.0, 0.0, 0.0, 0.0, 0.0));

    @Override
    protected CachePolicy policy() {
        return Fixed.at(Set.of(0, 1, 5, 6, 18));
    }

    @Override
    protected CachePolicy off() {
        return Fixed.every(1);
    }

    @Test
    void computesTheListedStepsAndReusesTheLastOfThem() {
        // When
        Script.Played played = SCRIPT.play(Fixed.at(Set.of(0, 3)));
        // Then
        assertThat(played.kinds()).isEqualTo("CRRCR");
        assertThat(played.predictions()).containsExactly(1.0, 1.0, 1.0, 4.0, 4.0);
        assertThat(played.probes()).isZero();
    }

    @Test
    void computesEveryNthStep() {
        assertThat(SCRIPT.play(Fixed.every(2)).kinds()).isEqualTo("CRCRC");
    }

    @Test
    void anExpertComputesTheListedStepsThatAreItsOwnAndItsFirst() {
        // Given
        Fixed whole = Fixed.at(Set.of(0, 3, 4));
        // When, Then
        assertThat(whole.within(new StepRange(0, 2, 7))).isEqualTo(Fixed.at(Set.of(0)));
        assertThat(whole.within(new StepRange(2, 5, 7))).isEqualTo(Fixed.at(Set.of(0, 1, 2)));
        assertThat(whole.within(new StepRange(0, 7, 7))).isEqualTo(whole);
        assertThat(Fixed.every(3).within(new StepRange(2, 5, 7))).isEqualTo(Fixed.every(3));
        assertThatThrownBy(() -> whole.within(new StepRange(0, 2, 4)))
                .hasMessageContaining("list 4, but the last of 4 is 3");
    }

    @Test
    void isEulerOverTheListedSteps() {
        try (NDManager manager = NDManager.newBaseManager();
                ToyTransformer toy = new ToyWan(manager, 3)) {
            // Given
            ToyRun.Setup usual = ToyRun.Setup.USUAL;
            CoarseGrid grid = new CoarseGrid(3, 20, List.of(0, 1, 5, 6, 18));
            // When
            ToyRun reused = ToyRun.of(toy, policy(), usual);
            ToyRun euler = ToyRun.of(
                    toy, CachePolicy.NONE, new ToyRun.Setup(grid, usual.guidance(), 5, usual.shape(), usual.prompts()));
            // Then
            assertThat(reused.distanceTo(euler)).isLessThan(1e-4);
        }
    }

    @Test
    void refusesSchedulesThatCannotBeFollowed() {
        assertThatThrownBy(() -> Fixed.at(Set.of())).hasMessageContaining("exactly one");
        assertThatThrownBy(() -> new Fixed(Set.of(0), 2)).hasMessageContaining("exactly one");
        assertThatThrownBy(() -> Fixed.every(-2)).hasMessageContaining("every -2");
        assertThatThrownBy(() -> Fixed.at(Set.of(1, 2))).hasMessageContaining("must begin with 0");
        assertThatThrownBy(() -> Fixed.at(Set.of(0, 20)).requireFit(null, 20)).hasMessageContaining("list 20");
    }
}
