package io.lowpass.diffusion.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.schedulers.multistep.DpmSolverMultistep;
import io.lowpass.diffusion.schedulers.multistep.SolverTarget;
import io.lowpass.diffusion.schedulers.multistep.UniPC;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchedulersTest {

    private static final Map<String, Object> UNIPC = Map.of(
            "_class_name",
            "UniPCMultistepScheduler",
            "prediction_type",
            "flow_prediction",
            "use_flow_sigmas",
            true,
            "flow_shift",
            5.0);

    @Nested
    class Euler extends SchedulerContract {
        @Override
        Scheduler scheduler() {
            return Schedulers.named("euler", 3);
        }
    }

    @Nested
    class UniPc extends SchedulerContract {
        @Override
        Scheduler scheduler() {
            return Schedulers.named("unipc", 5);
        }
    }

    @Nested
    class DpmSolver extends SchedulerContract {
        @Override
        Scheduler scheduler() {
            return Schedulers.named("dpm++", 1);
        }
    }

    @Nested
    class UniPcOfThirdOrder extends SchedulerContract {
        @Override
        Scheduler scheduler() {
            return new UniPC(new UniPC(3).sigmas(), SolverTarget.OF_FLOW, 3, UniPC.Solver.BH1, true, Set.of(2));
        }
    }

    @Test
    void whatTheRequestLeavesOpenIsAsTheFolderSays() {
        // When, Then
        assertThat(Schedulers.resolve(Optional.empty(), OptionalDouble.empty(), UNIPC))
                .isEqualTo(new UniPC(5));
        assertThat(Schedulers.resolve(Optional.empty(), OptionalDouble.of(2), UNIPC))
                .isEqualTo(new UniPC(2));
        assertThat(Schedulers.resolve(Optional.of("euler"), OptionalDouble.empty(), UNIPC))
                .isEqualTo(new FlowMatchEuler(5));
        assertThat(Schedulers.resolve(Optional.of("dpm++"), OptionalDouble.of(7), UNIPC))
                .isEqualTo(new DpmSolverMultistep(7));
        assertThat(Schedulers.resolve(
                        Optional.empty(),
                        OptionalDouble.of(2),
                        Map.of("_class_name", "FlowMatchEulerDiscreteScheduler", "shift", 9)))
                .isEqualTo(new FlowMatchEuler(2));
    }

    @Test
    void namesEveryFieldThatCannotBeFollowed() {
        // Given
        Map<String, Object> config = Map.of(
                "_class_name",
                "UniPCMultistepScheduler",
                "use_beta_sigmas",
                true,
                "use_flow_sigmas",
                true,
                "use_dynamic_shifting",
                true,
                "predict_x0",
                false,
                "solver_order",
                2.5,
                "solver_type",
                "bh3",
                "disable_corrector",
                List.of("x"),
                "flow_shift",
                "wide");
        // When, Then
        assertThatThrownBy(() -> Schedulers.of(config))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use_beta_sigmas is true, allowed is false or absent")
                .hasMessageContaining("use_dynamic_shifting is true, allowed is off: the pipelines of these")
                .hasMessageContaining("final_sigmas_type is \"zero\", allowed is sigma_min with predict_x0 false")
                .hasMessageContaining("solver_order is 2.5")
                .hasMessageContaining("solver_type is \"bh3\", allowed is one of bh1, bh2, midpoint, heun, logrho")
                .hasMessageContaining("disable_corrector.0 is \"x\"")
                .hasMessageContaining("flow_shift is \"wide\"");
    }

    @ParameterizedTest
    @CsvSource({
        "use_karras_sigmas, 1.0 0.4855076 0.2168862 0.0872319 0.0306085 0.0089286",
        "use_exponential_sigmas, 1.0 0.3891853 0.1514652 0.058948 0.0229417 0.0089286",
        "use_beta_sigmas, 1.0 0.8781757 0.6405374 0.3683912 0.1307528 0.0089286"
    })
    void levelsMayBeSpreadInOtherWays(String field, String schedule) {
        // Given: what the reference computes
        double[] expected = Arrays.stream(schedule.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        Map<String, Object> config = Map.of("_class_name", "FlowMatchEulerDiscreteScheduler", "shift", 3, field, true);
        try (Trajectory trajectory = Schedulers.of(config).plan(expected.length)) {
            for (int i = 0; i < expected.length; i++) {
                // When, Then
                assertThat(trajectory.sigma(i)).isCloseTo(expected[i], within(1e-6));
                assertThat(trajectory.timestep(i)).isCloseTo(1000 * expected[i], within(1e-3));
            }
        }
    }

    @Test
    void levelsAreSpreadInOneWay() {
        assertThatThrownBy(() -> Schedulers.of(Map.of(
                        "_class_name",
                        "FlowMatchEulerDiscreteScheduler",
                        "use_karras_sigmas",
                        true,
                        "use_beta_sigmas",
                        true)))
                .hasMessageContaining("use_beta_sigmas and use_karras_sigmas is true, allowed is one of them");
    }

    @Test
    void aFlowWhoseTimesDependOnTheVideoHasItsOwnScheduler() {
        // Given
        Map<String, Object> config = Map.of("_class_name", "RFLOW", "use_timestep_transform", true);
        // When, Then
        assertThat(Schedulers.nameOf(config)).isEqualTo("rflow");
        assertThat(Schedulers.suiting(config)).containsExactly("rflow");
        assertThat(Schedulers.suiting(UNIPC)).containsExactly("euler", "unipc", "dpm++");
        assertThat(Schedulers.resolve(Optional.of("rflow"), OptionalDouble.of(1), config))
                .isEqualTo(Schedulers.of(config))
                .isEqualTo(Schedulers.named("rflow", 1));
        assertThatThrownBy(() -> Schedulers.named("rflow", 3)).hasMessageContaining("flowShift is 3.0, allowed is 1");
        assertThatThrownBy(() -> Schedulers.resolve(Optional.of("rflow"), OptionalDouble.empty(), UNIPC))
                .hasMessageContaining("'rflow' does not suit this model, allowed is one of euler, unipc, dpm++");
        assertThatThrownBy(() -> Schedulers.resolve(Optional.of("heun"), OptionalDouble.empty(), config))
                .hasMessageContaining("'heun' is not one of");
    }

    @Test
    void refusesUnknownSchedulers() {
        assertThatThrownBy(() -> Schedulers.named("euler-a", 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("scheduler 'euler-a' is not one of euler, unipc, dpm++, ddim, sde-dpm++, rflow");
        assertThatThrownBy(() -> Schedulers.of(Map.of("_class_name", "DDPMScheduler")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("DDPMScheduler");
    }

    @Test
    void refusesSettingsThatHaveNoMeaning() {
        assertThatThrownBy(() -> new FlowMatchEuler(0)).hasMessageContaining("shift is 0.0");
        assertThatThrownBy(() -> new UniPC(Double.NaN)).hasMessageContaining("shift is NaN");
        assertThatThrownBy(() -> new DpmSolverMultistep(Double.POSITIVE_INFINITY))
                .hasMessageContaining("shift is Infinity");
        assertThatThrownBy(() ->
                        new UniPC(new UniPC(3).sigmas(), SolverTarget.OF_FLOW, 2, UniPC.Solver.BH2, false, Set.of()))
                .hasMessageContaining("lower_order_final");
    }

    @Test
    void aMultistepTrajectoryIsWalkedInOrder() {
        try (NDManager manager = NDManager.newBaseManager();
                Trajectory trajectory = new UniPC(3).plan(5)) {
            // Given
            NDArray latents = manager.create(new float[] {1});
            trajectory.advance(0, latents, latents);
            // When, Then
            assertThatThrownBy(() -> trajectory.advance(2, latents, latents))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("step 2 does not follow step 0");
        }
    }

    @Test
    void aFourStepRecipeOfADistilledModelHasItsTimesteps() {
        // When
        Scheduler scheduler = new FlowMatchEuler(5).withSigmas(List.of(1.0, 0.75, 0.5, 0.25));
        // Then: 1, 3/4, 1/2, 1/4, shifted by 5
        try (Trajectory trajectory = scheduler.plan(4)) {
            assertThat(trajectory.timestep(0)).isEqualTo(1000);
            assertThat(trajectory.timestep(1)).isEqualTo(937.5);
            assertThat(trajectory.timestep(2)).isCloseTo(2500 / 3.0, within(1e-3));
            assertThat(trajectory.timestep(3)).isEqualTo(625);
        }
        assertThatThrownBy(() -> scheduler.plan(5)).hasMessage("steps is 5, allowed is 4, the number of sigmas");
    }

    @Test
    void aSchedulerThatMakesItsOwnSigmasRefusesOthers() {
        for (String name : List.of("dpm++", "ddim", "sde-dpm++", "rflow")) {
            assertThatThrownBy(() -> Schedulers.named(name, 1).withSigmas(List.of(1.0, 0.5)))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sigmas is [1.0, 0.5], allowed is none");
        }
        Map<String, Object> diffusion = Map.of("_class_name", "UniPCMultistepScheduler");
        assertThatThrownBy(() -> Schedulers.of(diffusion).withSigmas(List.of(1.0, 0.5)))
                .hasMessageContaining("only use_flow_sigmas takes any");
        Map<String, Object> spaced = new HashMap<>(UNIPC);
        spaced.put("use_karras_sigmas", true);
        assertThatThrownBy(() -> Schedulers.of(spaced).withSigmas(List.of(1.0, 0.5)))
                .hasMessageContaining("use_karras_sigmas spaces its levels anew");
    }

    @Test
    void sigmasThatAreNoLevelsAreRefusedBeforeTheFirstStep() {
        for (List<Double> sigmas : List.of(List.of(0.5, 0.5), List.of(1.5), List.of(0.5, 0.0), List.of(Double.NaN))) {
            assertThatThrownBy(() -> new UniPC(3).withSigmas(sigmas))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("sigmas is " + sigmas);
        }
        // A first level of 1 is moved to just below, where the second one is here.
        Scheduler close = new UniPC(3).withSigmas(List.of(1.0, 0.9999999));
        assertThatThrownBy(() -> close.plan(2)).hasMessageContaining("that differ in 32 bits after they are shifted");
    }
}
