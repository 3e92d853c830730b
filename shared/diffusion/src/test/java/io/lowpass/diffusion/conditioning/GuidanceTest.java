package io.lowpass.diffusion.conditioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.steps.Step;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuidanceTest {

    private static Step step(double timestep) {
        return new Step(0, 50, timestep, 1, 0.9);
    }

    @Test
    void extrapolatesByItsScaleAtEveryStep() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            NDArray conditioned = manager.create(new float[] {1, 2});
            NDArray unconditioned = manager.create(new float[] {0, 3});
            // When
            NDArray joined = new Guidance(4).join(step(999), conditioned, unconditioned);
            // Then
            assertThat(joined.toFloatArray()).containsExactly(4, -1);
        }
    }

    @ParameterizedTest
    @CsvSource({"50, 1", "0, 7", "19, 1.1233979", "39, 1.0000039"})
    void aDynamicScaleFollowsTheTimeOfTheStep(double timestep, double expected) {
        // When
        double scale = new Guidance(6, true).scaleAt(step(timestep));
        // Then
        assertThat(scale).isCloseTo(expected, within(1e-6));
    }

    @Test
    void needsOneBranchWhereNothingIsExtrapolated() {
        assertThat(Guidance.NONE.branches()).containsExactly(Branch.CONDITIONED);
        assertThat(new Guidance(2, true).branches()).containsExactly(Branch.CONDITIONED, Branch.UNCONDITIONED);
    }
}
