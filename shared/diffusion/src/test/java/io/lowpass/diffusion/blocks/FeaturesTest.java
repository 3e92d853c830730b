package io.lowpass.diffusion.blocks;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import org.junit.jupiter.api.Test;

class FeaturesTest {

    @Test
    void arithmeticActsOnEachStream() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            Features features = Features.of(array(manager, 3), array(manager, 5));
            Features other = Features.of(array(manager, 1), array(manager, 2));
            // When, Then
            assertThat(values(features.plus(other))).containsExactly(4, 7);
            assertThat(values(features.minus(other))).containsExactly(2, 3);
            assertThat(values(features.times(2))).containsExactly(6, 10);
            assertThat(Features.of(array(manager, 3))
                            .minus(Features.of(array(manager, 1)))
                            .text())
                    .isEmpty();
        }
    }

    @Test
    void whatIsKeptOutlivesTheScopeAndIsFreedByHand() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            NDManager memory = manager.newSubManager();
            Features kept;
            // When
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                kept = Features.of(array(manager, 3), array(manager, 5)).keptBy(memory);
            }
            // Then
            assertThat(memory.getManagedArrays()).hasSize(2);
            assertThat(kept.video().toFloatArray()).containsExactly(3);
            kept.free();
            assertThat(memory.getManagedArrays()).isEmpty();
        }
    }

    private static NDArray array(NDManager manager, float value) {
        return manager.create(new float[] {value});
    }

    private static float[] values(Features features) {
        return features.video().concat(features.text().orElseThrow()).toFloatArray();
    }
}
