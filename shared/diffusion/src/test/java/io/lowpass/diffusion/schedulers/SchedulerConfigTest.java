package io.lowpass.diffusion.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.NoiseSource;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.multistep.DynamicThresholding;
import io.lowpass.tensor.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that are refused, and those that have no effect in diffusers. */
class SchedulerConfigTest {

    private static final String FLOW = "use_flow_sigmas=true prediction_type=flow_prediction ";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FlowMatchEulerDiscreteScheduler | use_dynamic_shifting=true | use_dynamic_shifting is true, allowed is off: the pipelines of these models pass no mu",
                "FlowMatchEulerDiscreteScheduler | use_dynamic_shifting=true time_shift_type=linear mu=-1 | mu is -1.0, allowed is above 0",
                "FlowMatchEulerDiscreteScheduler | mu=1 | mu is 1.0, allowed is absent, or with use_dynamic_shifting",
                "FlowMatchEulerDiscreteScheduler | time_shift_type=cubic | time_shift_type is \"cubic\", allowed is one of exponential, linear",
                "FlowMatchEulerDiscreteScheduler | shift_terminal=1.5 | shift_terminal is 1.5, allowed is a number from 0 to below 1",
                "FlowMatchEulerDiscreteScheduler | shift=-2 | shift is -2.0, allowed is a number above 0",
                "FlowMatchEulerDiscreteScheduler | num_train_timesteps=0 | num_train_timesteps is 0.0, allowed is a whole number from 1 to",
                "UniPCMultistepScheduler | flow use_exponential_sigmas=true | use_exponential_sigmas is true, allowed is false or absent",
                "UniPCMultistepScheduler | flow solver_p=DPM | solver_p is \"DPM\", allowed is false or absent",
                "UniPCMultistepScheduler | flow predict_x0=false final_sigmas_type=sigma_min | prediction_type is \"flow_prediction\", allowed is epsilon or sample or v_prediction where",
                "UniPCMultistepScheduler | predict_x0=false final_sigmas_type=sigma_min thresholding=true | thresholding is true, allowed is off with predict_x0 false",
                "UniPCMultistepScheduler | shift_terminal=0.1 | shift_terminal is 0.1, allowed is absent without use_flow_sigmas",
                "UniPCMultistepScheduler | flow trained_betas=0.1 | trained_betas is 0.1, allowed is false or absent",
                "UniPCMultistepScheduler | flow timestep_spacing=even | timestep_spacing is \"even\", allowed is one of linspace, leading, trailing",
                "UniPCMultistepScheduler | beta_schedule=sigmoid | beta_schedule is \"sigmoid\", allowed is one of linear, scaled_linear, squaredcos_cap_v2",
                "UniPCMultistepScheduler | beta_end=2 | beta_end is 2.0, allowed is a number between 0 and 1",
                "UniPCMultistepScheduler | flow thresholding=true dynamic_thresholding_ratio=2 | dynamic_thresholding_ratio is 2.0, allowed is 0 to 1",
                "UniPCMultistepScheduler | flow thresholding=true sample_max_value=0 | sample_max_value is 0.0, allowed is a number above 0",
                "DPMSolverMultistepScheduler | flow use_lu_lambdas=true | use_lu_lambdas is true, allowed is false or absent",
                "DPMSolverMultistepScheduler | flow use_karras_sigmas=true | use_karras_sigmas is true, allowed is false or absent",
                "DPMSolverMultistepScheduler | algorithm_type=dpmsolver | final_sigmas_type is \"zero\", allowed is sigma_min with algorithm_type dpmsolver",
                "DPMSolverMultistepScheduler | algorithm_type=ode | algorithm_type is \"ode\", allowed is one of dpmsolver++, dpmsolver, sde-dpmsolver++, sde-dpmsolver, deis",
                "DPMSolverMultistepScheduler | variance_type=learned | variance_type is \"learned\", allowed is false or absent",
                "DPMSolverMultistepScheduler | lambda_min_clipped=low | lambda_min_clipped is \"low\", allowed is a finite number",
                "DPMSolverMultistepScheduler | algorithm_type=sde-dpmsolver final_sigmas_type=sigma_min solver_order=3 | solver_order 3 is not between 1 and 2",
            })
    void refusesWhatItDoesNotFollow(String type, String settings, String message) {
        assertThatThrownBy(() -> Schedulers.of(config(type, settings)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FlowMatchEulerDiscreteScheduler | base_shift=0.95 max_shift=2 base_image_seq_len=1 | ''",
                "UniPCMultistepScheduler | flow lambda_min_clipped=-1 | flow",
                "DPMSolverMultistepScheduler | flow variance_type=learned | flow",
                "DPMSolverMultistepScheduler | flow lambda_min_clipped=-Infinity | flow",
                "CogVideoXDDIMScheduler | clip_sample=true clip_sample_range=0.1 sample_max_value=0.1 | ''",
            })
    void followsWhatTheReferenceDoesNotLookAt(String type, String settings, String same) {
        assertThat(Schedulers.of(config(type, settings))).isEqualTo(Schedulers.of(config(type, same)));
    }

    @Test
    void aSolverOfADiffusionSuitsOnlyTheFolderThatSaysSo() {
        // Given
        Map<String, Object> diffusion = config("UniPCMultistepScheduler", "prediction_type=v_prediction");
        OptionalDouble open = OptionalDouble.empty();
        // When, Then
        assertThat(Schedulers.suiting(diffusion)).containsExactly("unipc");
        assertThat(Schedulers.resolve(Optional.of("unipc"), OptionalDouble.of(1), diffusion))
                .isEqualTo(Schedulers.of(diffusion))
                .isNotEqualTo(Schedulers.named("unipc", 1));
        assertThatThrownBy(() -> Schedulers.resolve(Optional.of("euler"), open, diffusion))
                .hasMessageContaining("'euler' does not suit this model, allowed is one of unipc");
        assertThatThrownBy(() -> Schedulers.resolve(Optional.empty(), OptionalDouble.of(3), diffusion))
                .hasMessageContaining("flowShift is 3.0, allowed is 1.0 with this folder's scheduler");
    }

    @Test
    void aRequestThatNamesTheFoldersSchedulerHasItsSettings() {
        // Given
        Map<String, Object> folder = config("UniPCMultistepScheduler", "flow solver_order=3 flow_shift=3");
        // When, Then
        assertThat(Schedulers.resolve(Optional.of("unipc"), OptionalDouble.of(3), folder))
                .isEqualTo(Schedulers.of(folder))
                .isNotEqualTo(Schedulers.named("unipc", 3));
        assertThat(Schedulers.resolve(Optional.of("euler"), OptionalDouble.empty(), folder))
                .isEqualTo(Schedulers.named("euler", 3));
    }

    @Test
    void levelsThatAPipelineHandsOverAreThoseOfUniPCToo() {
        // Given
        Map<String, Object> folder = config("FlowMatchEulerDiscreteScheduler", "even_sigmas=true shift=7");
        // When
        Scheduler scheduler = Schedulers.resolve(Optional.of("unipc"), OptionalDouble.empty(), folder);
        // Then: 1, 3/4, 2/4, 1/4, shifted
        assertThat(IntStream.range(0, 4).mapToObj(scheduler.plan(4)::timestep))
                .containsExactly(999.0, 954.0, 875.0, 700.0);
    }

    @Test
    void refusesToVisitOtherTimesThanThereAreSteps() {
        // Given
        Map<String, Object> clipped =
                config("DPMSolverMultistepScheduler", "lambda_min_clipped=-2 timestep_spacing=trailing");
        // When, Then
        assertThatThrownBy(() -> Schedulers.of(clipped).plan(20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lambda_min_clipped -2.0 leaves")
                .hasMessageContaining("too few for 20 steps");
        assertThat(Schedulers.of(clipped).plan(2).steps()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FlowMatchEulerDiscreteScheduler stochastic_sampling=true",
                "DPMSolverMultistepScheduler algorithm_type=sde-dpmsolver++ use_flow_sigmas=true",
                "UniPCMultistepScheduler thresholding=true use_flow_sigmas=true"
            })
    void leavesNoArrayBehindAndCutsSeveralVideosEachForItself(String settings) {
        try (NDManager manager = NDManager.newBaseManager();
                NoiseSource noise = new NoiseSource(1, NoiseSource.Layout.CHANNELS_FIRST)) {
            // Given
            String type = settings.substring(0, settings.indexOf(' '));
            Scheduler scheduler = Schedulers.of(config(type, settings.substring(type.length() + 1)));
            NDArray latents = manager.ones(new Shape(2, 3));
            // When
            try (Trajectory trajectory = scheduler.drawingFrom(noise).plan(5)) {
                for (int i = 0; i < 5; i++) {
                    try (NDScope scope = new NDScope()) {
                        scope.suppressNotUsedWarning();
                        NDArray next = Arrays.keep(trajectory.advance(i, latents, latents.mul(0.5)), manager);
                        latents.close();
                        latents = next;
                    }
                }
            }
            // Then
            assertThat(manager.getManagedArrays()).hasSize(1);
            assertThat(latents.getShape()).isEqualTo(new Shape(2, 3));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"FlowMatchEulerDiscreteScheduler", "DPMSolverMultistepScheduler"})
    void aStochasticSolverNeedsASourceOfNoise(String type) {
        // Given
        Scheduler scheduler = Schedulers.of(config(type, "stochastic_sampling=true algorithm_type=sde-dpmsolver++"));
        // When, Then
        assertThatThrownBy(() -> scheduler.plan(4))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("source of noise");
    }

    @Test
    void cutsEachVideoAtItsOwnQuantile() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            NDArray videos = manager.create(new float[] {0.5f, -4, 1, 2, 8, -16, 24, 0}, new Shape(2, 4));
            // When
            NDArray cut = new DynamicThresholding(0.5, 10).of(videos);
            // Then: 1.5 is the middle of the first, 12, which is too much, that of the second
            assertThat(cut.get(0).toFloatArray()).containsExactly(0.5f / 1.5f, -1, 1 / 1.5f, 1);
            assertThat(cut.get(1).toFloatArray()).containsExactly(0.8f, -1, 1, 0);
        }
    }

    /** A config of settings that are written name=value, a flow's if the first is {@code flow}. */
    private static Map<String, Object> config(String type, String settings) {
        Map<String, Object> config = new HashMap<>(Map.of("_class_name", type));
        for (String setting : List.of((settings + " ").replace("flow ", FLOW).split(" ", -1))) {
            String[] parts = setting.split("=", 2);
            if (parts.length == 2) {
                config.put(parts[0], value(parts[1]));
            }
        }
        return config;
    }

    private static Object value(String written) {
        if (written.matches("true|false")) {
            return Boolean.valueOf(written);
        }
        return written.matches("-?[0-9.]+") ? Double.valueOf(written) : written;
    }
}
