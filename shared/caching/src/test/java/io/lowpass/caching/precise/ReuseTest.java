package io.lowpass.caching.precise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.lowpass.caching.Script;
import io.lowpass.caching.precise.LFCache.Accumulation;
import io.lowpass.caching.precise.LFCache.Reference;
import io.lowpass.caching.precise.LFCache.Weight;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Trajectory;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.steps.StepDecision.Action;
import io.lowpass.testing.FeatureCacheContract;
import io.lowpass.testing.ToyRun;
import io.lowpass.testing.ToyTransformer;
import io.lowpass.testing.ToyWan;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reuse strategies of Table 4 under LFCache's decisions. */
class ReuseTest {

    private static final int STEPS = 8;
    private static final double SHIFT = 5;

    @Nested
    class Residuals extends FeatureCacheContract {
        @Override
        protected CachePolicy policy() {
            return cache(2, Reuse.RESIDUAL);
        }

        @Override
        protected CachePolicy off() {
            return cache(0, Reuse.RESIDUAL);
        }
    }

    @Nested
    class Parabolas extends FeatureCacheContract {
        @Override
        protected CachePolicy policy() {
            return cache(2, Reuse.TAYLOR2);
        }

        @Override
        protected CachePolicy off() {
            return cache(0, Reuse.TAYLOR2);
        }
    }

    @Test
    void aResidualIsAddedToTheLatentsOfItsStep() {
        // Given: residuals are 1 at step 2 and 3 at step 5; the distances are 4, 4 (warm-up), 8 x 0, 8, 0, 0
        Script script = new Script(
                List.of(1.0, 2.0, 3.0, 5.0, 6.0, 7.0, 8.0, 11.0),
                List.of(2.0, 3.0, 4.0, 0.0, 0.0, 10.0, 0.0, 0.0),
                List.of(0.0, 3.0, 4.0, 4.0, 4.0, 6.0, 10.0, 10.0));
        // When
        Script.Played played = script.play(cache(1, Reuse.RESIDUAL));
        // Then
        assertThat(played.kinds()).isEqualTo("CCCRRCRR");
        assertThat(played.predictions()).containsExactly(2.0, 3.0, 4.0, 6.0, 7.0, 10.0, 11.0, 14.0);
    }

    @Test
    void aForecastContinuesTheLastComputedPredictionsByTheirSteps() {
        // Given: computed are 1, 2, 4 at steps 0 to 2, and 10 at step 5
        Script script = new Script(
                List.of(1.0, 2.0, 4.0, 0.0, 0.0, 10.0, 0.0, 0.0), List.of(0.0, 2.0, 4.0, 4.0, 4.0, 8.0, 10.0, 10.0));
        // When
        Script.Played line = script.play(cache(1, Reuse.STEP_TAYLOR1));
        Script.Played parabola = script.play(cache(1, Reuse.STEP_TAYLOR2));
        // Then: the line falls by 2 a step, then by (10 - 4) / 3
        assertThat(line.kinds()).isEqualTo("CCCFFCFF");
        assertClose(line.predictions(), List.of(1.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0));
        // Then: 1 + s (s + 1) / 2, then through (1, 2), (2, 4) and (5, 10), which lie on a line
        assertClose(parabola.predictions(), List.of(1.0, 2.0, 4.0, 7.0, 11.0, 10.0, 12.0, 14.0));
    }

    @ParameterizedTest
    @EnumSource(
            value = Reuse.class,
            names = {"TAYLOR1", "TAYLOR2"})
    void polynomialsOfTheNoiseLevelAreForecastExactly(Reuse reuse) {
        // Given
        DoubleUnaryOperator polynomial = reuse.order() == 1 ? t -> 3 - 5 * t : t -> 2 + t - 4 * t * t;
        Script script = ofNoise(polynomial);
        // When
        Script.Played played = script.play(cache(1e9, reuse), SHIFT);
        Script.Played bySteps =
                script.play(cache(1e9, reuse == Reuse.TAYLOR1 ? Reuse.STEP_TAYLOR1 : Reuse.STEP_TAYLOR2), SHIFT);
        // Then
        assertThat(played.kinds()).isEqualTo("CCCFFFFF");
        assertClose(played.predictions(), script.full());
        assertThat(bySteps.predictions().get(STEPS - 1))
                .isNotCloseTo(script.full().get(STEPS - 1), within(0.01));
    }

    @ParameterizedTest
    @EnumSource(
            value = Reuse.class,
            names = {"STEP_TAYLOR1", "STEP_TAYLOR2"})
    void polynomialsOfTheStepAreForecastExactlyAtAnyDistance(Reuse reuse) {
        // Given: step 4 is computed between forecasts, since its probe is far off
        List<Double> full = IntStream.range(0, STEPS)
                .mapToObj(s -> reuse.order() == 1 ? 2.0 * s + 1 : 2.0 * s + 0.5 * s * s)
                .toList();
        Script script = new Script(full, List.of(0.0, 4.0, 5.0, 5.0, 90.0, 9.0, 9.0, 9.0));
        // When
        Script.Played played = script.play(cache(20, reuse));
        // Then
        assertThat(played.kinds()).startsWith("CCCFC").contains("CF");
        assertClose(played.predictions(), full);
    }

    @Test
    void strategiesShareTheDecisionsOfTheWarmUpButNotTheirResult() {
        try (NDManager manager = NDManager.newBaseManager();
                ToyTransformer toy = new ToyWan(manager, 4)) {
            ToyRun prediction = ToyRun.of(toy, cache(1e9, Reuse.PREDICTION), ToyRun.Setup.USUAL);
            for (Reuse other : List.of(Reuse.RESIDUAL, Reuse.TAYLOR1, Reuse.TAYLOR2, Reuse.STEP_TAYLOR1)) {
                // When
                ToyRun run = ToyRun.of(toy, cache(1e9, other), ToyRun.Setup.USUAL);
                // Then: only reuse of the prediction is a coarser Euler
                assertThat(run.work()).isEqualTo(prediction.work());
                assertThat(run.distanceTo(prediction)).isGreaterThan(1e-3);
                assertThat(run.kinds()).endsWith(other == Reuse.RESIDUAL ? Action.REUSE : Action.FORECAST);
            }
        }
    }

    private static LFCache cache(double alpha, Reuse reuse) {
        return new LFCache(
                alpha, 3, Downsampling.PAPER, 0.2, Reference.CACHED, Accumulation.ANCHOR, Weight.NONE, false, reuse);
    }

    private static Script ofNoise(DoubleUnaryOperator prediction) {
        try (Trajectory trajectory = new FlowMatchEuler(SHIFT).plan(STEPS)) {
            List<Double> full = IntStream.range(0, STEPS)
                    .mapToObj(s -> prediction.applyAsDouble(trajectory.sigma(s)))
                    .toList();
            return new Script(full, Collections.nCopies(STEPS, 0.0));
        }
    }

    private static void assertClose(List<Double> ours, List<Double> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(ours.get(i)).as("step %s", i).isCloseTo(expected.get(i), within(1e-4));
        }
    }
}
