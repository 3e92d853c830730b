package io.lowpass.caching.faster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.caching.AttentionScript;
import io.lowpass.caching.Cadence;
import io.lowpass.caching.StepWindow;
import io.lowpass.caching.faster.FasterCache.Boost;
import io.lowpass.caching.faster.FasterCache.Extrapolation;
import io.lowpass.caching.faster.FasterCache.PredictorHistory;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepReport;
import io.lowpass.testing.FeatureCacheContract;
import io.lowpass.testing.ToyRun;
import io.lowpass.testing.ToyTransformer;
import io.lowpass.testing.ToyWan;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FasterCacheTest extends FeatureCacheContract {

    private static final StepWindow LATE = StepWindow.ofTimesteps(-1, 650);
    private static final StepWindow NEVER = StepWindow.ofSteps(0, 0);

    /** Times 900, 800 … 0; attention puts out s², and s² + 10 + s in the unconditioned branch. */
    private static final AttentionScript SCRIPT = new AttentionScript(
            IntStream.range(0, 10).mapToObj(s -> 900.0 - 100 * s).toList(),
            Map.of(
                    Branch.CONDITIONED,
                    IntStream.range(0, 10).mapToObj(s -> 1.0 * s * s).toList(),
                    Branch.UNCONDITIONED,
                    IntStream.range(0, 10).mapToObj(s -> 10.0 + s + s * s).toList()));

    /** Attention and the unconditioned branch are spared at the same steps, with guidance and without. */
    @Override
    protected CachePolicy policy() {
        Cadence alternate = new Cadence(2, StepWindow.ofSteps(0.3, 1));
        return new FasterCache(alternate, half(PredictorHistory.OUTPUTS), alternate, boost(1.1), boost(1), 0.2);
    }

    @Override
    protected CachePolicy off() {
        Cadence never = new Cadence(2, NEVER);
        return new FasterCache(never, half(PredictorHistory.OUTPUTS), never, boost(1.1), boost(1.1), 0.2);
    }

    @Test
    void attentionIsContinuedFromTheLastTwoOutputsWhereOneBranchRuns() {
        // When
        AttentionScript.Played played = SCRIPT.play(cache(PredictorHistory.OUTPUTS), SubLayer.SELF_ATTENTION);
        // Then: steps 3, 7 and 9; step 5 runs both branches
        assertThat(played.computed())
                .containsEntry(Branch.CONDITIONED, "CCCRCCCRCR")
                .containsEntry(Branch.UNCONDITIONED, "CCC..C....");
        // Then: 4 + (4 - 1) / 2, 36 + (36 - 25) / 2, 64 + (64 - 41.5) / 2
        assertClose(played, Branch.CONDITIONED, 0, 1, 4, 5.5, 16, 25, 36, 41.5, 64, 75.25);
        assertThat(played.kinds()).isEqualTo("CCCFRCRFRF");
    }

    @Test
    void theAuthorsContinueComputedOutputsOnly() {
        AttentionScript.Played played = SCRIPT.play(cache(PredictorHistory.COMPUTED), SubLayer.SELF_ATTENTION);
        // Then: the last is 64 + (64 - 36) / 2
        assertClose(played, Branch.CONDITIONED, 0, 1, 4, 5.5, 16, 25, 36, 41.5, 64, 78);
    }

    @Test
    void theUnconditionedPredictionIsTheConditionedOneAndTheGrowingDifference() {
        AttentionScript.Played played = SCRIPT.play(cache(PredictorHistory.OUTPUTS), SubLayer.CROSS_ATTENTION);
        // Then: 12 and 15 are measured at steps 2 and 5, and grow by a tenth at each step but the last
        assertThat(played.computed()).containsEntry(Branch.CONDITIONED, "CCCCCCCCCC");
        assertClose(
                played,
                Branch.UNCONDITIONED,
                10,
                12,
                16,
                9 + 13.2,
                16 + 14.52,
                40,
                36 + 16.5,
                49 + 18.15,
                64 + 19.965,
                81 + 19.965);
    }

    @Test
    void withoutGuidanceAttentionAloneIsContinued() {
        // Given
        AttentionScript alone = new AttentionScript(
                SCRIPT.timesteps(),
                Map.of(
                        Branch.CONDITIONED,
                        Objects.requireNonNull(SCRIPT.outputs().get(Branch.CONDITIONED))));
        // When
        AttentionScript.Played played = alone.play(cache(PredictorHistory.OUTPUTS), SubLayer.SELF_ATTENTION);
        // Then: step 5 as well
        assertThat(played.computed()).containsEntry(Branch.CONDITIONED, "CCCRCRCRCR");
        assertThat(played.kinds()).isEqualTo("CCCFCFCFCF");
    }

    @Test
    void theWeightMovesFromTheFirstExtrapolationToTheLastStep() {
        // Given: from 0 at step 3 to 1 at step 9
        FasterCache cache = new FasterCache(
                new Cadence(2, LATE),
                new Extrapolation(0, 1, PredictorHistory.COMPUTED),
                new Cadence(5, LATE),
                boost(1),
                boost(1),
                0.2);
        // When
        AttentionScript.Played played = SCRIPT.play(cache, SubLayer.SELF_ATTENTION);
        // Then: 4, 36 + 2/3 (36 - 25), 64 + (64 - 36)
        assertClose(played, Branch.CONDITIONED, 0, 1, 4, 4, 16, 25, 36, 36 + 22.0 / 3, 64, 92);
    }

    @Test
    void theLowBandHoldsTheFrequenciesOfTheDisc() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given: a mean of 2 and waves of one and of three periods over 10 columns; the radius is 2
            float[] values = new float[100];
            float[] slow = new float[100];
            for (int i = 0; i < 100; i++) {
                slow[i] = (float) (2 + Math.sin(2 * Math.PI * (i % 10) / 10));
                values[i] = (float) (slow[i] + Math.cos(2 * Math.PI * 3 * (i / 10) / 10.0));
            }
            NDArray latents = manager.create(values, new Shape(1, 1, 1, 10, 10));
            // When
            NDArray low = Bands.low(latents, 0.2);
            // Then
            NDArray expected = manager.create(slow, new Shape(1, 1, 1, 10, 10));
            assertThat(low.sub(expected).abs().max().getFloat()).isLessThan(1e-5f);
        }
    }

    @Test
    void onAModelTheSparedBranchIsNotRun() {
        try (NDManager manager = NDManager.newBaseManager();
                ToyTransformer toy = new ToyWan(manager, 3)) {
            // When
            ToyRun run = ToyRun.of(toy, policy(), ToyRun.Setup.USUAL);
            ToyRun alone = ToyRun.of(toy, policy(), ToyRun.Setup.USUAL.with(Guidance.NONE));
            // Then
            assertThat(run.reports())
                    .allSatisfy(report -> assertThat(report.work().predictions())
                            .isEqualTo(report.decision().action() == StepDecision.Action.COMPUTE ? 2 : 1));
            assertThat(run.reports().stream().map(StepReport::decision).map(StepDecision::reason))
                    .contains("guidance, attention");
            assertThat(alone.reports().stream().map(StepReport::decision).map(StepDecision::reason))
                    .contains("attention");
        }
    }

    @Test
    void refusesAModelOnWhichNeitherHalfDoesAnythingAndWhatHasNoMeaning() {
        ModelOutline unguided = new ModelOutline(
                4, Set.of(SubLayer.FEED_FORWARD), Set.of(), List.of(1, 2, 2), List.of(Branch.CONDITIONED));
        ModelOutline guided = new ModelOutline(
                4, Set.of(), Set.of(), List.of(1, 2, 2), List.of(Branch.CONDITIONED, Branch.UNCONDITIONED));
        assertThatThrownBy(() -> policy().requireFit(unguided, 20))
                .hasMessageContaining("without guidance")
                .hasMessageContaining("no self-attention");
        policy().requireFit(guided, 20);
        ModelOutline attends = new ModelOutline(
                4,
                Set.of(SubLayer.SELF_ATTENTION),
                Set.of(),
                List.of(1, 2, 2),
                List.of(Branch.CONDITIONED, Branch.UNCONDITIONED));
        FasterCache both = attentionAlone(1);
        assertThatThrownBy(() -> both.requireFit(attends, 20))
                .hasMessageContaining("unconditionalEvery is 1, allowed is 2 or more")
                .hasMessageContaining("attentionEvery 2");
        attentionAlone(2).requireFit(attends, 20);
        both.requireFit(
                new ModelOutline(
                        4, Set.of(SubLayer.SELF_ATTENTION), Set.of(), List.of(1, 2, 2), List.of(Branch.CONDITIONED)),
                20);
        assertThatThrownBy(() -> new Boost(-1, LATE)).hasMessageContaining("boost -1.0");
        assertThatThrownBy(() -> new Extrapolation(Double.NaN, 1, PredictorHistory.OUTPUTS))
                .hasMessageContaining("weight NaN");
        assertThatThrownBy(() -> new FasterCache(
                        new Cadence(2, LATE),
                        half(PredictorHistory.OUTPUTS),
                        new Cadence(5, LATE),
                        boost(1),
                        boost(1),
                        0))
                .hasMessageContaining("maskFraction 0.0");
    }

    private static FasterCache cache(PredictorHistory history) {
        return new FasterCache(new Cadence(2, LATE), half(history), new Cadence(5, LATE), boost(1.1), boost(7), 0.2);
    }

    private static FasterCache attentionAlone(int unconditionedEvery) {
        return new FasterCache(
                new Cadence(2, LATE),
                half(PredictorHistory.OUTPUTS),
                new Cadence(unconditionedEvery, LATE),
                boost(1),
                boost(1),
                0.2);
    }

    private static Extrapolation half(PredictorHistory history) {
        return new Extrapolation(0.5, 0.5, history);
    }

    private static Boost boost(double factor) {
        return new Boost(factor, StepWindow.ofTimesteps(99, 901));
    }

    private static void assertClose(AttentionScript.Played played, Branch branch, double... expected) {
        List<Double> ours = Objects.requireNonNull(played.predictions().get(branch));
        assertThat(ours).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(ours.get(i)).as("%s, step %s", branch, i).isCloseTo(expected[i], within(1e-3));
        }
    }
}
