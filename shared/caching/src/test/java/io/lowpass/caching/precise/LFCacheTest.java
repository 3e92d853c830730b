package io.lowpass.caching.precise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.CoarseGrid;
import io.lowpass.caching.Script;
import io.lowpass.caching.precise.LFCache.Accumulation;
import io.lowpass.caching.precise.LFCache.Reference;
import io.lowpass.caching.precise.LFCache.Weight;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.steps.StepDecision.Action;
import io.lowpass.testing.FeatureCacheContract;
import io.lowpass.testing.ToyHunyuan;
import io.lowpass.testing.ToyRun;
import io.lowpass.testing.ToyTransformer;
import io.lowpass.testing.ToyWan;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LFCacheTest extends FeatureCacheContract {

    /** At each step the probe differs from the full prediction of the step before as the comment says. */
    private static final Script SCRIPT = new Script(
            List.of(10.0, 11.0, 13.0, 13.5, 15.0, 15.5, 16.0, 17.0),
            List.of(10.0, 11.0, 12.0, 13.5, 14.0, 14.5, 15.0, 18.0));

    @Override
    protected CachePolicy policy() {
        return new LFCache(2);
    }

    @Override
    protected CachePolicy off() {
        return new LFCache(0);
    }

    @Test
    void sumsDistancesFromTheLastComputedStep() {
        // Given: distances of the warm-up are 4 and 4, so the threshold is 6; then 2, 4, (from 15) 2, 0, 12
        LFCache cache = new LFCache(1.5);
        // When
        Script.Played played = SCRIPT.play(cache);
        // Then
        assertThat(played.kinds()).isEqualTo("CCCRCRRC");
        assertThat(played.accumulated()).containsExactly(0.0, 0.0, 0.0, 2.0, 6.0, 2.0, 2.0, 14.0);
        assertThat(played.predictions()).containsExactly(10.0, 11.0, 13.0, 13.0, 15.0, 15.0, 15.0, 17.0);
        assertThat(played.reasons())
                .containsExactly("warm-up", "warm-up", "warm-up", "lfd", "lfd", "lfd", "lfd", "lfd");
        assertThat(played.decisions().get(1).threshold()).hasValue(6);
        assertThat(played.probes()).isEqualTo(7);
    }

    @Test
    void comparesProbesWithTheProbeOfTheLastComputedStepWhenAsked() {
        // Given: distances of the warm-up are 4 and 4; then 6, 2 and, from the probe of step 3, 4
        LFCache cache = settings(1.5, Reference.TRIAL, Accumulation.ANCHOR, Weight.NONE, false);
        // When
        Script.Played played = SCRIPT.play(cache);
        // Then: 6 is not below 6 (step 3), then 2, 2 + 4, computed; then 2, 2 + 14
        assertThat(played.kinds()).isEqualTo("CCCCRCRC");
        assertThat(played.accumulated()).containsExactly(0.0, 0.0, 0.0, 6.0, 2.0, 6.0, 2.0, 16.0);
        assertThat(played.probes()).isEqualTo(8);
    }

    @Test
    void comparesEachProbeWithTheOneBeforeWhenAsked() {
        // Given: changes from probe to probe are 4, 4, 6, 2, 2, 2, 12
        LFCache cache = settings(1.75, Reference.TRIAL, Accumulation.CONSECUTIVE, Weight.NONE, false);
        // When
        Script.Played played = SCRIPT.play(cache);
        // Then
        assertThat(played.kinds()).isEqualTo("CCCRCRRC");
        assertThat(played.accumulated()).containsExactly(0.0, 0.0, 0.0, 6.0, 8.0, 2.0, 4.0, 16.0);
    }

    @Test
    void looksAtASingleDistanceWhenAsked() {
        // Given: distances 2, 4, 6, 8 from step 2, then 2 from step 6
        LFCache cache = settings(1.6, Reference.CACHED, Accumulation.NONE, Weight.NONE, false);
        // When
        Script.Played played = SCRIPT.play(cache);
        // Then
        assertThat(played.kinds()).isEqualTo("CCCRRRCC");
        assertThat(played.accumulated()).containsExactly(0.0, 0.0, 0.0, 2.0, 4.0, 6.0, 8.0, 8.0);
    }

    @Test
    void weighsDistancesByTheStepTheyMoveTheLatentsWhenAsked() {
        // Given: each of the first steps moves by 0.999 / 7
        LFCache cache = settings(1.4, Reference.CACHED, Accumulation.ANCHOR, Weight.DT, false);
        // When
        Script.Played played = SCRIPT.play(cache);
        // Then: as unweighted until the last step, which moves by a thousandth
        assertThat(played.kinds()).isEqualTo("CCCRCRRR");
        assertThat(played.accumulated().get(3)).isCloseTo(2 * 0.999 / 7, within(1e-5));
        assertThat(played.accumulated().get(7)).isCloseTo(2 * 0.999 / 7 + 12 * 0.001, within(1e-5));
        assertThat(played.decisions().get(7).distance()).hasValue(12);
    }

    @Test
    void computesTheLastStepWithoutAProbeWhenAsked() {
        // Given
        LFCache cache = settings(1e6, Reference.CACHED, Accumulation.ANCHOR, Weight.NONE, true);
        // When
        Script.Played played = SCRIPT.play(cache);
        // Then
        assertThat(played.kinds()).isEqualTo("CCCRRRRC");
        assertThat(played.reasons()).endsWith("last step");
        assertThat(played.probes()).isEqualTo(6);
    }

    @Test
    void withoutAThresholdItIsEulerOverTheWarmUpSteps() {
        assertIsEulerOverComputedSteps(new LFCache(1e9), List.of(0, 1, 2));
    }

    @Test
    void reuseIsEulerOverTheStepsThatWereComputed() {
        try (NDManager manager = NDManager.newBaseManager();
                ToyTransformer toy = new ToyWan(manager, 4)) {
            List<Action> kinds = ToyRun.of(toy, policy(), ToyRun.Setup.USUAL).kinds();
            List<Integer> computed = IntStream.range(0, kinds.size())
                    .filter(i -> kinds.get(i) == Action.COMPUTE)
                    .boxed()
                    .toList();
            assertThat(computed).hasSizeBetween(4, 19);
            assertIsEulerOverComputedSteps(policy(), computed);
        }
    }

    @Test
    void costsWhatTheFormulaSaysProbesIncluded() {
        try (NDManager manager = NDManager.newBaseManager()) {
            for (ToyTransformer toy : List.of(new ToyWan(manager, 4), new ToyHunyuan(manager, 4))) {
                // When
                Work work = ToyRun.of(toy, policy(), ToyRun.Setup.USUAL).work();
                // Then: 19 steps are probed in 2 branches of 3 frames of one token
                assertThat(work.probes()).isEqualTo(38);
                assertThat(work.probeTokens()).isEqualTo(38 * 3);
                assertThat((double) toy.multiplyAdds()).isEqualTo(toy.cost().of(work, 5 * 4 * 4));
            }
        }
    }

    @Test
    void refusesLatentsOfWhichLessThanAPatchIsLeft() {
        try (NDManager manager = NDManager.newBaseManager();
                ToyTransformer toy = new ToyWan(manager, 2)) {
            ToyRun.Setup narrow = ToyRun.Setup.USUAL.with(new Shape(1, 4, 1, 4, 8));
            assertThatThrownBy(() -> ToyRun.of(toy, policy(), narrow))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("spatialFactor 4")
                    .hasMessageContaining("(1, 4, 1, 4, 8)");
        }
    }

    @Test
    void refusesSettingsThatHaveNoMeaningOrDoNothing() {
        assertThatThrownBy(() -> new LFCache(-0.1)).hasMessageContaining("alpha -0.1");
        assertThatThrownBy(() -> new LFCache(Double.NaN)).hasMessageContaining("alpha NaN");
        assertThatThrownBy(() -> new Downsampling(1, 1, Downsampling.Operator.POOL))
                .hasMessageContaining("temporalFactor 1");
        assertThatThrownBy(() -> new Downsampling(0, 4, Downsampling.Operator.POOL))
                .hasMessageContaining("temporalFactor 0");
        assertThatThrownBy(() -> settings(1, Reference.CACHED, Accumulation.CONSECUTIVE, Weight.NONE, false))
                .hasMessageContaining("reference must be trial");
        assertThatThrownBy(() -> new LFCache(
                        1,
                        1,
                        Downsampling.PAPER,
                        0.2,
                        Reference.CACHED,
                        Accumulation.ANCHOR,
                        Weight.NONE,
                        false,
                        Reuse.PREDICTION))
                .hasMessageContaining("warmUp 1");
        assertThatThrownBy(() -> new LFCache(
                        1,
                        3,
                        Downsampling.PAPER,
                        0,
                        Reference.CACHED,
                        Accumulation.ANCHOR,
                        Weight.NONE,
                        false,
                        Reuse.PREDICTION))
                .hasMessageContaining("maskFraction 0.0");
        assertThatThrownBy(() -> new LFCache(1).requireFit(null, 3)).hasMessageContaining("steps 3");
    }

    private static LFCache settings(
            double alpha, Reference reference, Accumulation accumulation, Weight weight, boolean forceLast) {
        return new LFCache(
                alpha, 3, Downsampling.PAPER, 0.2, reference, accumulation, weight, forceLast, Reuse.PREDICTION);
    }

    private static void assertIsEulerOverComputedSteps(CachePolicy policy, List<Integer> computed) {
        try (NDManager manager = NDManager.newBaseManager();
                ToyTransformer toy = new ToyWan(manager, 4)) {
            // Given
            ToyRun.Setup coarse = new ToyRun.Setup(
                    new CoarseGrid(3, 20, computed),
                    ToyRun.Setup.USUAL.guidance(),
                    computed.size(),
                    ToyRun.Setup.USUAL.shape(),
                    ToyRun.Setup.USUAL.prompts());
            // When
            ToyRun reused = ToyRun.of(toy, policy, ToyRun.Setup.USUAL);
            ToyRun euler = ToyRun.of(toy, CachePolicy.NONE, coarse);
            // Then
            assertThat(reused.distanceTo(euler)).isLessThan(1e-4);
        }
    }
}
