package io.lowpass.caching.precise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.lowpass.caching.precise.BlockCache.Sets;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.steps.StepDecision.BlockDecision;
import io.lowpass.diffusion.steps.StepReport;
import io.lowpass.testing.FeatureCacheContract;
import io.lowpass.testing.ToyRun;
import io.lowpass.testing.ToyTransformer;
import io.lowpass.testing.ToyWan;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BlockCacheTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new BlockCache(0.4, 2);
    }

    @Override
    protected CachePolicy off() {
        return new BlockCache(0, 3);
    }

    @Test
    void refreshesInTheWarmUpAndAfterEachRunOfCachedSteps() {
        // When
        List<StepReport> reports = run(new BlockCache(0.4, 2)).reports();
        // Then
        String refreshes = reports.stream()
                .map(report -> blocks(report).refreshed() ? "f" : "c")
                .collect(Collectors.joining());
        assertThat(refreshes).isEqualTo("fffccfccfccfccfccfcc");
        assertThat(reports)
                .allSatisfy(report -> assertThat(report.work().blocks())
                        .isEqualTo(blocks(report).refreshed() ? 10 : 6));
    }

    @Test
    void skipsTheBlocksThatAddedLeastAtTheRefresh() {
        // When
        List<StepReport> reports = run(new BlockCache(0.4, 2)).reports();
        // Then
        BlockDecision refresh = blocks(reports.get(2));
        List<Integer> least = IntStream.range(0, 5)
                .boxed()
                .sorted(Comparator.comparing(refresh.norms()::get))
                .limit(2)
                .sorted()
                .toList();
        assertThat(refresh.nextSkipped()).isEqualTo(least);
        assertThat(blocks(reports.get(3)).skipped()).isEqualTo(least);
        assertThat(blocks(reports.get(4)).skipped()).isEqualTo(least);
    }

    @Test
    void neverSkipsWithoutReuse() {
        try (NDManager manager = NDManager.newBaseManager();
                ToyTransformer toy = new ToyWan(manager, 5)) {
            // When
            ToyRun run = ToyRun.of(toy, new BlockCache(0.4, 0), ToyRun.Setup.USUAL);
            // Then
            assertThat(run.latents())
                    .isEqualTo(
                            ToyRun.of(toy, CachePolicy.NONE, ToyRun.Setup.USUAL).latents());
        }
    }

    @Test
    void eachBranchMayChooseItsOwnBlocks() {
        // When
        ToyRun shared = run(new BlockCache(0.4, 3, 3, Sets.SHARED));
        ToyRun own = run(new BlockCache(0.4, 3, 3, Sets.PER_BRANCH));
        // Then
        assertThat(own.work()).isEqualTo(shared.work());
        assertThat(blocks(own.reports().get(3)).skipped())
                .isEqualTo(blocks(shared.reports().get(3)).skipped());
    }

    @Test
    void costsWhatTheFormulaSays() {
        try (NDManager manager = NDManager.newBaseManager();
                ToyTransformer toy = new ToyWan(manager, 5)) {
            // When
            ToyRun run = ToyRun.of(toy, new BlockCache(0.6, 3), ToyRun.Setup.USUAL);
            // Then
            assertThat((double) toy.multiplyAdds()).isEqualTo(toy.cost().of(run.work(), 5 * 4 * 4));
        }
    }

    @Test
    void keepsOneSetOfTokensPerSkippedBlockAndBranch() {
        // Given
        WatchedPrediction watched = new WatchedPrediction(new BlockCache(0.4, 2));
        // When
        run(watched);
        // Then
        assertThat(watched.mostArrays()).isEqualTo(2 * 2);
    }

    @Test
    void refusesSettingsThatHaveNoMeaningOrDoNothing() {
        assertThatThrownBy(() -> new BlockCache(1, 3)).hasMessageContaining("cachedFraction 1.0");
        assertThatThrownBy(() -> new BlockCache(0.4, -1)).hasMessageContaining("reuse -1");
        assertThatThrownBy(() -> new BlockCache(0.4, 1, 0, Sets.SHARED)).hasMessageContaining("warmUp 0");
        ModelOutline shallow = new ModelOutline(2, Set.of(), Set.of(), List.of(1, 2, 2), List.of());
        assertThatThrownBy(() -> new BlockCache(0.4, 1).requireFit(shallow, 20))
                .hasMessageContaining("cachedFraction 0.4 of 2 blocks");
    }

    private static ToyRun run(CachePolicy policy) {
        try (NDManager manager = NDManager.newBaseManager();
                ToyTransformer toy = new ToyWan(manager, 5)) {
            return ToyRun.of(toy, policy, ToyRun.Setup.USUAL);
        }
    }

    private static BlockDecision blocks(StepReport report) {
        return report.decision().blocks().orElseThrow();
    }
}
