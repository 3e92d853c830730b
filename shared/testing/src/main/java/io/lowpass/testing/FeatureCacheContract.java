package io.lowpass.testing;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.schedulers.multistep.UniPC;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepReport;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * The contract of every caching method. Its test inherits this, and supplies settings that reuse and settings that do
 * not.
 */
public abstract class FeatureCacheContract {

    private static final int DEPTH = 5;

    /** Settings under which some of the twenty steps reuse something. */
    protected abstract CachePolicy policy();

    /** Settings of the same method under which nothing is ever reused. */
    protected abstract CachePolicy off();

    /** Whether the method works on models with two streams. */
    protected boolean fitsTwoStreams() {
        return true;
    }

    @Test
    public void switchedOffItIsBitForBitTheUncachedRun() {
        onEachToy(toy -> {
            // Given
            ToyRun uncached = ToyRun.of(toy, CachePolicy.NONE, ToyRun.Setup.USUAL);
            // When
            ToyRun off = ToyRun.of(toy, off(), ToyRun.Setup.USUAL);
            // Then
            assertThat(off.latents()).isEqualTo(uncached.latents());
            assertThat(off.kinds()).containsOnly(StepDecision.Action.COMPUTE);
        });
    }

    @Test
    public void computesLessThanTheUncachedRun() {
        onEachToy(toy -> {
            // Given
            int blocks = DEPTH * 2 * ToyRun.Setup.USUAL.steps();
            // When
            Work work = ToyRun.of(toy, policy(), ToyRun.Setup.USUAL).work();
            // Then
            boolean fewerSubLayers = work.subLayers() > 0
                    && work.subLayers() < blocks * toy.subLayers().size();
            assertThat(work.blocks() < blocks || fewerSubLayers).as("%s", work).isTrue();
        });
    }

    @Test
    public void theFirstStepOfEachBranchIsComputed() {
        onEachToy(toy -> {
            // When
            StepReport first =
                    ToyRun.of(toy, policy(), ToyRun.Setup.USUAL).reports().get(0);
            // Then
            assertThat(first.decision().action()).isEqualTo(StepDecision.Action.COMPUTE);
            assertThat(first.work().predictions()).isEqualTo(2);
            assertThat(first.work().blocks()).isEqualTo(2 * DEPTH);
        });
    }

    @Test
    public void whatItSaysAgreesWithWhatWasComputed() {
        onEachToy(toy -> {
            // When
            List<StepReport> reports =
                    ToyRun.of(toy, policy(), ToyRun.Setup.USUAL).reports();
            // Then
            Work full = reports.get(0).work();
            assertThat(reports).allSatisfy(report -> {
                Work work = report.work();
                if (report.decision().action() == StepDecision.Action.COMPUTE) {
                    assertThat(work.blocks()).isPositive();
                    report.decision()
                            .blocks()
                            .ifPresent(done -> assertThat(work.blocks())
                                    .isEqualTo(work.predictions()
                                            * (DEPTH - done.skipped().size())));
                } else {
                    assertThat(work.blocks() < full.blocks() || work.subLayers() < full.subLayers())
                            .as("%s", report)
                            .isTrue();
                }
            });
        });
    }

    @Test
    public void leavesNothingInMemory() {
        onEachToy(toy -> {
            // Given
            int weights = toy.layers.weights().getManagedArrays().size();
            // When
            ToyRun run = ToyRun.of(toy, policy(), ToyRun.Setup.USUAL);
            // Then
            assertThat(run.arraysLeft()).as("the result alone").isEqualTo(1);
            assertThat(toy.layers.weights().getManagedArrays()).hasSize(weights);
        });
    }

    @Test
    public void aBranchIsNotTouchedByTheOther() {
        onEachToy(toy -> {
            // Given: guidance so weak that the unconditioned branch runs but does not count
            ToyRun.Setup weak = ToyRun.Setup.USUAL.with(new Guidance(1 + 1e-12));
            // When
            ToyRun alone = ToyRun.of(toy, policy(), ToyRun.Setup.USUAL.with(Guidance.NONE));
            ToyRun beside = ToyRun.of(toy, policy(), weak);
            ToyRun besideAnother = ToyRun.of(toy, policy(), weak.withPrompts(1, 9));
            // Then
            assertThat(beside.distanceTo(alone)).isLessThan(1e-4);
            assertThat(besideAnother.distanceTo(alone)).isLessThan(1e-4);
        });
    }

    @Test
    public void oneGenerationLeavesNoTraceInTheNext() {
        onEachToy(toy -> {
            // Given
            CachePolicy policy = policy();
            ToyRun.Setup wider = ToyRun.Setup.USUAL.with(new Shape(1, ToyTransformer.CHANNELS, 3, 8, 12));
            ToyRun fresh = ToyRun.of(toy, policy(), wider);
            // When
            ToyRun.of(toy, policy, ToyRun.Setup.USUAL);
            ToyRun second = ToyRun.of(toy, policy, wider);
            // Then
            assertThat(second.latents()).isEqualTo(fresh.latents());
            assertThat(second.work()).isEqualTo(fresh.work());
        });
    }

    @Test
    public void worksUnderAMultistepSolver() {
        onEachToy(toy -> {
            // When
            ToyRun run = ToyRun.of(toy, policy(), ToyRun.Setup.USUAL.with(new UniPC(3)));
            // Then
            assertThat(run.latents()).allSatisfy(value -> assertThat(value).isFinite());
            assertThat(run.arraysLeft()).isEqualTo(1);
        });
    }

    private void onEachToy(Consumer<ToyTransformer> test) {
        try (NDManager manager = NDManager.newBaseManager()) {
            try (ToyTransformer toy = new ToyWan(manager, DEPTH)) {
                test.accept(toy);
            }
            if (fitsTwoStreams()) {
                try (ToyTransformer toy = new ToyHunyuan(manager, DEPTH)) {
                    test.accept(toy);
                }
            }
        }
    }
}
