package io.lowpass.diffusion.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.tensor.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the sampler relies on, of every scheduler that ends without noise. */
abstract class SchedulerContract {

    /** The scheduler under test. */
    abstract Scheduler scheduler();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 20})
    void followsAStraightPathToItsEnd(int steps) {
        try (NDManager manager = NDManager.newBaseManager();
                Trajectory trajectory = scheduler().plan(steps)) {
            // Given
            NDArray clean = manager.create(new float[] {1, -2, 0.5f});
            NDArray noise = manager.create(new float[] {-0.3f, 0.7f, 2});
            NDArray velocity = noise.sub(clean);
            NDArray latents = clean.add(velocity.mul(trajectory.sigma(0)));
            // When
            for (int i = 0; i < steps; i++) {
                latents = trajectory.advance(i, latents, velocity);
            }
            // Then
            assertThat(latents.sub(clean).abs().max().getFloat()).isLessThan(2e-5f);
        }
    }

    @Test
    void leavesItsArgumentsAsTheyAre() {
        try (NDManager manager = NDManager.newBaseManager();
                Trajectory trajectory = scheduler().plan(4)) {
            // Given
            NDArray latents = manager.create(new float[] {1, 2});
            NDArray prediction = manager.create(new float[] {3, 4});
            // When
            for (int i = 0; i < 4; i++) {
                trajectory.advance(i, latents, prediction);
            }
            // Then
            assertThat(latents.toFloatArray()).containsExactly(1, 2);
            assertThat(prediction.toFloatArray()).containsExactly(3, 4);
        }
    }

    @Test
    void leavesNoArrayBehindWhenStepsAreScoped() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            NDArray latents = manager.ones(new Shape(2));
            int before = manager.getManagedArrays().size();
            // When
            try (Trajectory trajectory = scheduler().plan(6)) {
                for (int i = 0; i < 6; i++) {
                    try (NDScope scope = new NDScope()) {
                        scope.suppressNotUsedWarning();
                        NDArray next = Arrays.keep(trajectory.advance(i, latents, latents.mul(2)), manager);
                        latents.close();
                        latents = next;
                    }
                }
            }
            // Then
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void twoTrajectoriesDoNotDisturbEachOther() {
        try (NDManager manager = NDManager.newBaseManager();
                Trajectory one = scheduler().plan(5);
                Trajectory other = scheduler().plan(5)) {
            // Given
            NDArray latents = manager.create(new float[] {1, 2});
            NDArray alone = latents;
            try (Trajectory lonely = scheduler().plan(5)) {
                for (int i = 0; i < 5; i++) {
                    alone = lonely.advance(i, alone, alone.mul(i));
                }
            }
            // When
            NDArray first = latents;
            NDArray second = latents;
            for (int i = 0; i < 5; i++) {
                first = one.advance(i, first, first.mul(i));
                second = other.advance(i, second, second.mul(-i));
            }
            // Then
            assertThat(first.toFloatArray()).isEqualTo(alone.toFloatArray());
            assertThat(second.toFloatArray()).isNotEqualTo(alone.toFloatArray());
        }
    }

    @Test
    void noiseFallsFromStepToStepAndNothingOfItIsLeft() {
        // When
        try (Trajectory trajectory = scheduler().plan(12)) {
            // Then
            for (int i = 0; i < 12; i++) {
                assertThat(trajectory.sigma(i + 1)).isLessThan(trajectory.sigma(i));
            }
            assertThat(trajectory.sigma(12)).isZero();
            assertThat(trajectory.step(11).isLast()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refusesAScheduleWithoutSteps(int steps) {
        assertThatThrownBy(() -> scheduler().plan(steps))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps is " + steps);
    }
}
