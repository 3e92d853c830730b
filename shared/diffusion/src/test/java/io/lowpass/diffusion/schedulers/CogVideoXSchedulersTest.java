package io.lowpass.diffusion.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The schedulers of CogVideoX against diffusers, the stochastic one with its noise. */
class CogVideoXSchedulersTest {

    private static final Map<String, Object> PUBLISHED = Map.of(
            "_class_name",
            "CogVideoXDDIMScheduler",
            "prediction_type",
            "v_prediction",
            "timestep_spacing",
            "trailing",
            "rescale_betas_zero_snr",
            true,
            "clip_sample",
            false,
            "snr_shift_scale",
            3.0);
    private static final Shape LATENTS = new Shape(1, 2, 3, 2, 2);

    static Stream<JsonNode> cases() throws IOException {
        try (InputStream resource = Objects.requireNonNull(
                CogVideoXSchedulersTest.class.getResourceAsStream("cogvideox-reference-cases.json"))) {
            return new ObjectMapper().readTree(resource).valueStream().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyStepIsWhatTheReferenceComputes(JsonNode reference) {
        // Given
        int steps = reference.get("timesteps").size();
        Map<?, ?> config = new ObjectMapper().convertValue(reference.get("config"), Map.class);
        Map<String, Object> fields = new HashMap<>();
        config.forEach((name, value) -> fields.put(String.valueOf(name), value));
        try (NDManager manager = NDManager.newBaseManager();
                NoiseSource noise = new NoiseSource(7, NoiseSource.Layout.CHANNELS_FIRST);
                Trajectory trajectory = Schedulers.of(fields).drawingFrom(noise).plan(steps)) {
            NDArray latents = noise.draw(manager, LATENTS);
            for (int i = 0; i < steps; i++) {
                // When
                latents = trajectory.advance(i, latents, prediction(manager, i));
                // Then
                assertThat(trajectory.timestep(i))
                        .isEqualTo(reference.get("timesteps").get(i).asDouble());
                assertClose(latents.toFloatArray(), reference.get("samples").get(i), i);
            }
        }
    }

    /** What the reference was given as the prediction of a step. */
    private static NDArray prediction(NDManager manager, int step) {
        float[] values = new float[(int) LATENTS.size()];
        IntStream.range(0, values.length).forEach(i -> values[i] = (float) Math.sin(step * 0.7 + i * 1.3));
        return manager.create(values, LATENTS);
    }

    private static void assertClose(float[] ours, JsonNode expected, int step) {
        double largest = 0;
        double error = 0;
        for (int i = 0; i < ours.length; i++) {
            largest = Math.max(largest, Math.abs(expected.get(i).asDouble()));
            error = Math.max(error, Math.abs(expected.get(i).asDouble() - ours[i]));
        }
        assertThat(error).as("step %s", step).isLessThanOrEqualTo(1e-5 * largest);
    }

    @Test
    void noiseFillsFramesBeforeChannelsWhereTheReferenceDoes() {
        try (NDManager manager = NDManager.newBaseManager();
                NoiseSource plain = new NoiseSource(3, NoiseSource.Layout.CHANNELS_FIRST);
                NoiseSource turned = new NoiseSource(3, NoiseSource.Layout.FRAMES_FIRST)) {
            for (int draw = 0; draw < 2; draw++) {
                // Given
                NDArray expected = plain.draw(manager, new Shape(1, 3, 2, 2, 2)).transpose(0, 2, 1, 3, 4);
                // When
                NDArray numbers = turned.draw(manager, LATENTS);
                // Then
                assertThat(numbers.getShape()).isEqualTo(LATENTS);
                assertThat(numbers.toFloatArray()).isEqualTo(expected.toFloatArray());
            }
        }
    }

    @Test
    void startsFromNoiseAloneAndEndsWithoutAny() {
        // When
        try (Trajectory trajectory = Schedulers.of(PUBLISHED).plan(50)) {
            // Then
            assertThat(trajectory.timestep(0)).isEqualTo(999);
            assertThat(trajectory.sigma(0)).isEqualTo(1);
            assertThat(trajectory.sigma(50)).isZero();
            assertThat(IntStream.range(0, 50)).allMatch(i -> trajectory.sigma(i + 1) < trajectory.sigma(i));
        }
    }

    @Test
    void requestsNameSolversThatSuitTheFolder() {
        // Given
        OptionalDouble open = OptionalDouble.empty();
        Map<String, Object> flow = Map.of("_class_name", "FlowMatchEulerDiscreteScheduler");
        Map<String, Object> other = new HashMap<>(PUBLISHED);
        other.put("snr_shift_scale", 1.5);
        // When, Then
        assertThat(Schedulers.resolve(Optional.of("ddim"), open, PUBLISHED)).isEqualTo(Schedulers.of(PUBLISHED));
        assertThat(Schedulers.resolve(Optional.of("sde-dpm++"), open, PUBLISHED))
                .isEqualTo(Schedulers.named("sde-dpm++", 3));
        assertThat(Schedulers.resolve(Optional.empty(), OptionalDouble.of(1.5), PUBLISHED))
                .isEqualTo(Schedulers.of(other));
        assertThat(Schedulers.shiftOf(Map.of("_class_name", "CogVideoXDPMScheduler")))
                .isEqualTo(3);
        assertThatThrownBy(() -> Schedulers.resolve(Optional.of("euler"), open, PUBLISHED))
                .hasMessage("scheduler 'euler' does not suit this model, allowed is one of ddim, sde-dpm++");
        assertThatThrownBy(() -> Schedulers.resolve(Optional.of("ddim"), open, flow))
                .hasMessage("scheduler 'ddim' does not suit this model, allowed is one of euler, unipc, dpm++");
    }

    @ParameterizedTest
    @CsvSource({
        "beta_schedule, sigmoid, 'one of linear, scaled_linear, squaredcos_cap_v2'",
        "timestep_spacing, even, 'one of linspace, leading, trailing'",
        "prediction_type, flow_prediction, epsilon or sample or v_prediction",
        "trained_betas, [0.1], false or absent",
        "snr_shift_scale, 0, allowed is a number above 0",
        "beta_end, 1, not between 0 and 1",
        "num_train_timesteps, 0, allowed is a whole number of at least 1",
        "steps_offset, -1, not at least 0"
    })
    void refusesWhatItDoesNotFollow(String field, String value, String message) {
        // Given
        Map<String, Object> config = new HashMap<>(PUBLISHED);
        config.put(field, value.matches("-?\\d+") ? Integer.valueOf(value) : value);
        // When, Then
        assertThatThrownBy(() -> Schedulers.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(field)
                .hasMessageContaining(message);
    }

    @Test
    void refusesSchedulesThatTrainingDoesNotReach() {
        // Given
        Map<String, Object> late = new HashMap<>(PUBLISHED);
        late.put("timestep_spacing", "leading");
        late.put("steps_offset", 1);
        // When, Then
        assertThatThrownBy(() -> Schedulers.of(PUBLISHED).plan(1001))
                .hasMessageContaining("steps 1001 is more than num_train_timesteps 1000");
        assertThatThrownBy(() -> Schedulers.of(PUBLISHED).plan(0)).hasMessageContaining("steps is 0");
        assertThatThrownBy(() -> Schedulers.of(late).plan(1000)).hasMessageContaining("steps_offset 1 is too large");
        assertThatThrownBy(() -> Schedulers.named("sde-dpm++", 1).plan(4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("source of noise");
    }

    @Test
    void theStochasticSolverLeavesNoArrayBehind() {
        try (NDManager manager = NDManager.newBaseManager();
                NoiseSource noise = new NoiseSource(1, NoiseSource.Layout.FRAMES_FIRST)) {
            // Given
            Scheduler scheduler = Schedulers.named("sde-dpm++", 3).drawingFrom(noise);
            NDArray latents = noise.draw(manager, LATENTS);
            List<Double> last;
            // When
            try (Trajectory trajectory = scheduler.plan(5)) {
                for (int i = 0; i < 5; i++) {
                    try (ai.djl.ndarray.NDScope scope = new ai.djl.ndarray.NDScope()) {
                        scope.suppressNotUsedWarning();
                        NDArray next = io.lowpass.tensor.Arrays.keep(
                                trajectory.advance(i, latents, latents.mul(0.5)), manager);
                        latents.close();
                        latents = next;
                    }
                }
                last = List.of(trajectory.sigma(5), trajectory.timestep(4));
            }
            // Then
            assertThat(manager.getManagedArrays()).hasSize(1);
            assertThat(last).containsExactly(0.0, 199.0);
            assertThat(latents.abs().max().getFloat())
                    .isCloseTo(0, within(100f))
                    .isPositive();
        }
    }
}
