package io.lowpass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.blocks.Features;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.Site;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.PromptEmbeddings;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.schedulers.multistep.UniPC;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SamplerTest {

    private static final VideoSpec CLIP = new VideoSpec(32, 32, 9, 16, 5);
    private static final Shape LATENTS = new Shape(1, 1, 1, 2, 2);

    private final CountingTransformer transformer = new CountingTransformer(3);
    private final List<StepReport> reports = new ArrayList<>();

    @Test
    void theUncachedRunIsWhatTheSolverMakesOfGuidedPredictions() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given: a prediction is the latents plus 6 times the prompt's number
            NDArray noise = manager.ones(LATENTS);
            // When
            NDArray latents = sample(manager, noise, new Guidance(3), CachePolicy.NONE, 1);
            // Then: guided 1 + 6 (2 + 3 (5 - 2)) = 67, moved from sigma 1 to 0
            assertThat(latents.toFloatArray()).containsOnly(1 - 67);
            assertThat(noise.toFloatArray()).containsOnly(1);
            assertThat(latents.getManager()).isSameAs(manager);
        }
    }

    @Test
    void promptsAreConditionedOnceAndLatentsEmbeddedOncePerStep() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // When
            sample(manager, manager.ones(LATENTS), new Guidance(3), CachePolicy.NONE, 2);
            // Then
            List<String> blocks = List.of("block 0", "block 1", "block 2");
            List<String> expected = new ArrayList<>(List.of("condition", "condition"));
            for (int step = 0; step < 2; step++) {
                expected.add("embed");
                expected.addAll(blocks);
                expected.addAll(blocks);
            }
            assertThat(transformer.asked()).isEqualTo(expected);
        }
    }

    @Test
    void withoutGuidanceThereIsNoSecondBranch() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // When
            NDArray latents = sample(manager, manager.ones(LATENTS), Guidance.NONE, CachePolicy.NONE, 1);
            // Then
            assertThat(latents.toFloatArray()).containsOnly(1 - 31);
            assertThat(reports.get(0).work()).isEqualTo(new Work(1, 0, 3, 0, 0));
        }
    }

    @Test
    void reportsEachStepWithItsPlaceOnThePath() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // When
            sample(manager, manager.ones(LATENTS), Guidance.NONE, CachePolicy.NONE, 3);
            // Then
            assertThat(reports).extracting(report -> report.step().index()).containsExactly(0, 1, 2);
            assertThat(reports).allSatisfy(report -> {
                assertThat(report.step().count()).isEqualTo(3);
                assertThat(report.elapsed()).isPositive();
                assertThat(report.decision()).isEqualTo(StepDecision.computed("uncached"));
            });
            assertThat(reports.get(0).step().timestep()).isCloseTo(1000, within(1e-9));
            assertThat(reports.get(2).step().isLast()).isTrue();
            assertThat(reports.get(2).step().nextSigma()).isZero();
        }
    }

    @Test
    void countsWhatACacheLetsRunAtEachLevel() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            CachePolicy policy = generation -> new FeatureCache() {
                @Override
                public NDArray predict(Step step, Prediction prediction) {
                    return prediction
                            .compute()
                            .add(prediction
                                    .probe(latents -> manager.ones(new Shape(1, 1, 1, 1, 3)))
                                    .mean());
                }

                @Override
                public Features blocks(Step step, Branch branch, BlockStack stack) {
                    assertThat(stack.depth()).isEqualTo(3);
                    assertThat(stack.signal(Signal.INPUT).toFloatArray()).containsOnly(2);
                    return branch == Branch.CONDITIONED ? stack.runAll() : stack.run(1, 2, stack.input());
                }

                @Override
                public Features subLayer(Step step, Branch branch, Site site, Supplier<Features> compute) {
                    boolean reused = site.subLayer() == SubLayer.FEED_FORWARD && site.block() == 1;
                    return reused ? Features.of(manager.zeros(new Shape(1, 4, 1))) : compute.get();
                }

                @Override
                public boolean worksOnSubLayers() {
                    return true;
                }
            };
            // When
            NDArray latents = sample(manager, manager.ones(LATENTS), new Guidance(3), policy, 1);
            // Then: conditioned 1 + 5 x 5, unconditioned 1 + 1 x 2; the probe is 1 + 6 (2 + 3 (5 - 2))
            assertThat(reports.get(0).work()).isEqualTo(new Work(2, 2, 4, 6, 6, 2, Map.of(SubLayer.FEED_FORWARD, 2)));
            assertThat(latents.toFloatArray()).containsOnly(1 - (3 + 3 * (26 - 3) + 67));
        }
    }

    @Test
    void aPassThroughManyBlocksHoldsNoMoreThanOneThroughFew() {
        // Given: outputs that nobody keeps, and sums in the cache's memory that are used once
        try (NDManager manager = NDManager.newBaseManager()) {
            List<Integer> few = alive(manager, 2);
            // When
            List<Integer> many = alive(manager, 40);
            // Then
            assertThat(Collections.max(many)).isEqualTo(Collections.max(few));
            assertThat(many).hasSize(2 * 2 * 2 * 40);
        }
    }

    /** Arrays of the step and of the cache, as each sub-layer begins. */
    private static List<Integer> alive(NDManager manager, int depth) {
        List<Integer> counts = new ArrayList<>();
        CachePolicy policy = generation -> new FeatureCache() {

            private final NDManager memory = generation.memory();
            private final NDArray kept = memory.ones(new Shape(1, 4, 1));
            private NDManager stepMemory = memory;

            @Override
            public NDArray predict(Step step, Prediction prediction) {
                stepMemory = prediction.latents().getManager();
                return prediction.compute();
            }

            @Override
            public Features subLayer(Step step, Branch branch, Site site, Supplier<Features> compute) {
                counts.add(stepMemory.getManagedArrays().size()
                        + memory.getManagedArrays().size());
                return site.subLayer() == SubLayer.FEED_FORWARD ? Features.of(kept.mul(2)) : compute.get();
            }

            @Override
            public boolean worksOnSubLayers() {
                return true;
            }
        };
        new Sampler(new CountingTransformer(depth), new FlowMatchEuler(1), new Guidance(3), policy)
                .sample(manager.ones(LATENTS), prompts(manager), CLIP, 2, (report, latents) -> {});
        return counts;
    }

    @Test
    void whatACacheKeepsOfASubLayerOutlivesItsBlock() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given: the first output of all is given to every sub-layer after it
            CachePolicy policy = generation -> new FeatureCache() {

                private final List<Features> first = new ArrayList<>();

                @Override
                public Features subLayer(Step step, Branch branch, Site site, Supplier<Features> compute) {
                    if (first.isEmpty()) {
                        first.add(compute.get().keptBy(generation.memory()));
                    }
                    return first.get(0);
                }

                @Override
                public boolean worksOnSubLayers() {
                    return true;
                }
            };
            // When
            NDArray latents = sample(manager, manager.ones(LATENTS), Guidance.NONE, policy, 2);
            // Then: 6 times 5 at both steps, as if all had been computed
            NDArray computed = sample(manager, manager.ones(LATENTS), Guidance.NONE, CachePolicy.NONE, 2);
            assertThat(latents.toFloatArray()).isEqualTo(computed.toFloatArray());
        }
    }

    @Test
    void branchesCanBePredictedOneByOneAndJoined() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            CachePolicy policy = generation -> new FeatureCache() {
                @Override
                public NDArray predict(Step step, Prediction prediction) {
                    NDArray conditioned = prediction.branch(Branch.CONDITIONED);
                    return prediction.guide(conditioned, prediction.latents());
                }
            };
            // When
            NDArray latents = sample(manager, manager.ones(LATENTS), new Guidance(3), policy, 1);
            // Then
            assertThat(latents.toFloatArray()).containsOnly(1 - (1 + 3 * (31 - 1)));
            assertThat(reports.get(0).work().predictions()).isEqualTo(1);
        }
    }

    @Test
    void aBranchThatGuidanceDoesNotHaveIsRefused() {
        try (NDManager manager = NDManager.newBaseManager()) {
            CachePolicy policy = generation -> new FeatureCache() {
                @Override
                public NDArray predict(Step step, Prediction prediction) {
                    return prediction.branch(Branch.UNCONDITIONED);
                }
            };
            assertThatThrownBy(() -> sample(manager, manager.ones(LATENTS), Guidance.NONE, policy, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("UNCONDITIONED");
        }
    }

    @Test
    void aPolicyThatDoesNotFitIsRefusedBeforeAnythingRuns() {
        try (NDManager manager = NDManager.newBaseManager()) {
            CachePolicy policy = new CachePolicy() {
                @Override
                public FeatureCache open(Generation generation) {
                    return FeatureCache.NONE;
                }

                @Override
                public void requireFit(ModelOutline model, int steps) {
                    throw new IllegalArgumentException("depth " + model.depth() + ", steps " + steps);
                }
            };
            assertThatThrownBy(() -> sample(manager, manager.ones(LATENTS), Guidance.NONE, policy, 7))
                    .hasMessage("depth 3, steps 7");
            assertThat(transformer.asked()).isEmpty();
        }
    }

    @Test
    void aListenerCanStopAGenerationAndNothingIsLeft() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            NDArray noise = manager.ones(LATENTS);
            int before = manager.getManagedArrays().size();
            Sampler sampler = new Sampler(transformer, new UniPC(3), new Guidance(3), CachePolicy.NONE);
            // When, Then
            assertThatThrownBy(() -> sampler.sample(noise, prompts(manager), CLIP, 5, (report, latents) -> {
                        if (report.step().index() == 2) {
                            throw new CancellationException("enough");
                        }
                    }))
                    .isInstanceOf(CancellationException.class);
            assertThat(manager.getManagedArrays()).as("and the two prompts").hasSize(before + 2);
        }
    }

    private NDArray sample(NDManager manager, NDArray noise, Guidance guidance, CachePolicy policy, int steps) {
        return new Sampler(transformer, new FlowMatchEuler(1), guidance, policy)
                .sample(noise, prompts(manager), CLIP, steps, (report, latents) -> reports.add(report));
    }

    private static PromptEmbeddings prompts(NDManager manager) {
        return branch ->
                new PromptEmbedding(manager.full(new Shape(1, 1, 1), branch == Branch.CONDITIONED ? 5f : 2f), 1);
    }
}
