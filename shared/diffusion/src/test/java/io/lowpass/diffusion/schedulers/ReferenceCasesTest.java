package io.lowpass.diffusion.schedulers;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Trajectory;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schedulers of flows, and what follows a diffusion without noise, against diffusers, step by step. */
class ReferenceCasesTest {

    static Stream<SchedulerCase> cases() throws IOException {
        return SchedulerCase.all();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStepIsWhatTheReferenceComputes(SchedulerCase reference) {
        // Given
        int steps = reference.outputs().size();
        try (NDManager manager = NDManager.newBaseManager();
                NoiseSource noise = new NoiseSource(reference.seed(), NoiseSource.Layout.CHANNELS_FIRST);
                Trajectory trajectory = reference.scheduler().drawingFrom(noise).plan(steps)) {
            NDArray latents = reference.array(manager, reference.sample());
            for (int i = 0; i < steps; i++) {
                // When
                NDArray prediction =
                        reference.array(manager, reference.outputs().get(i));
                latents = trajectory.advance(i, latents, prediction);
                // Then
                assertClose(latents.toFloatArray(), reference.samples().get(i), i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void timesAndNoiseLevelsAreThoseOfTheReference(SchedulerCase reference) {
        // Given
        int steps = reference.outputs().size();
        // When
        try (NoiseSource noise = new NoiseSource(reference.seed(), NoiseSource.Layout.CHANNELS_FIRST);
                Trajectory trajectory = reference.scheduler().drawingFrom(noise).plan(steps)) {
            // Then
            assertThat(IntStream.range(0, steps).mapToObj(trajectory::timestep))
                    .containsExactlyElementsOf(reference.timesteps());
            if (!reference.sigmas().isEmpty()) {
                assertThat(IntStream.rangeClosed(0, steps).mapToObj(trajectory::sigma))
                        .containsExactlyElementsOf(reference.sigmas());
            }
        }
    }

    private static void assertClose(float[] ours, List<Float> expected, int step) {
        double largest = 0;
        double error = 0;
        for (int i = 0; i < ours.length; i++) {
            // With B(h) = h, the reference multiplies 0 by infinity at the end; of us, only a number is asked there.
            assertThat(ours[i]).isFinite();
            if (!expected.get(i).isNaN()) {
                largest = Math.max(largest, Math.abs(expected.get(i)));
                error = Math.max(error, Math.abs(expected.get(i) - ours[i]));
            }
        }
        assertThat(error).as("step %s", step).isLessThanOrEqualTo(1e-5 * largest);
    }
}
