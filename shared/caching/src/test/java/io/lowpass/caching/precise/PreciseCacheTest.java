package io.lowpass.caching.precise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepDecision.Action;
import io.lowpass.testing.FeatureCacheContract;
import io.lowpass.testing.ToyRun;
import io.lowpass.testing.ToyTransformer;
import io.lowpass.testing.ToyWan;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PreciseCacheTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new PreciseCache(new LFCache(2), new BlockCache(0.4, 3));
    }

    @Override
    protected CachePolicy off() {
        return new PreciseCache(new LFCache(0), new BlockCache(0, 3));
    }

    @Test
    void countsCachedStepsAmongTheComputedOnesOnly() {
        // When
        List<StepDecision> decisions = run(policy()).reports().stream()
                .map(report -> report.decision())
                .toList();
        // Then
        List<Boolean> refreshes = decisions.stream()
                .filter(decision -> decision.action() == Action.COMPUTE)
                .map(decision -> decision.blocks().orElseThrow().refreshed())
                .toList();
        assertThat(refreshes).startsWith(true, true, true, false, false, false, true);
        assertThat(decisions)
                .filteredOn(decision -> decision.action() == Action.REUSE)
                .isNotEmpty()
                .allSatisfy(decision -> assertThat(decision.blocks()).isEmpty());
    }

    @Test
    void aProbeNeverReachesTheBlocksOfTheCache() {
        // Given
        WatchedPrediction watched = new WatchedPrediction(policy());
        // When
        ToyRun run = run(watched);
        // Then
        assertThat(run.work().probes()).isEqualTo(38);
        assertThat(watched.passes()).isEqualTo(run.work().predictions());
    }

    @Test
    void keepsOnePredictionTheTablesOfItsLowPassAndTheSkippedBlocks() {
        // Given
        WatchedPrediction watched = new WatchedPrediction(policy());
        // When
        run(watched);
        // Then: three tables, the prediction, its small copy, two blocks in two branches
        assertThat(watched.mostArrays()).isEqualTo(3 + 1 + 1 + 2 * 2);
    }

    @Test
    void refusesWhatEitherPartRefuses() {
        ModelOutline shallow = new ModelOutline(2, Set.of(), Set.of(), List.of(1, 2, 2), List.of());
        assertThatThrownBy(() -> policy().requireFit(shallow, 20)).hasMessageContaining("cachedFraction");
        assertThatThrownBy(() -> policy().requireFit(shallow, 2)).hasMessageContaining("steps 2");
    }

    private static ToyRun run(CachePolicy policy) {
        try (NDManager manager = NDManager.newBaseManager();
                ToyTransformer toy = new ToyWan(manager, 5)) {
            return ToyRun.of(toy, policy, ToyRun.Setup.USUAL);
        }
    }
}
