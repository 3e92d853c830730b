package io.lowpass.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.blocks.SubLayer;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.conditioning.Conditioning;
import io.lowpass.diffusion.conditioning.Guidance;
import io.lowpass.diffusion.conditioning.PromptEmbedding;
import io.lowpass.diffusion.conditioning.PromptEmbeddings;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.flow.FlowMatchEuler;
import io.lowpass.diffusion.steps.Step;
import io.lowpass.diffusion.steps.StepRange;
import io.lowpass.diffusion.steps.StepReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExpertsTest {

    private static final VideoSpec CLIP = new VideoSpec(32, 32, 9, 16, 5);
    private static final Shape LATENTS = new Shape(1, 1, 1, 1, 2);

    private final CountingTransformer first = new CountingTransformer(1);
    private final CountingTransformer second = new CountingTransformer(1);
    private final List<Step> seen = new ArrayList<>();
    private final List<Generation> opened = new ArrayList<>();
    private final List<StepReport> reports = new ArrayList<>();

    /** The first predicts at 500 and above, the second below. */
    private final class Two implements VideoTransformer {

        @Override
        public int depth() {
            return first.depth();
        }

        @Override
        public Set<SubLayer> subLayers() {
            return first.subLayers();
        }

        @Override
        public List<Integer> patch() {
            return first.patch();
        }

        @Override
        public Conditioning condition(NDManager memory, PromptEmbedding prompt, VideoSpec spec) {
            return first.condition(memory, prompt, spec);
        }

        @Override
        public EmbeddedStep embed(NDArray latents, double timestep, VideoSpec spec) {
            return first.embed(latents, timestep, spec);
        }

        @Override
        public List<Double> boundaries() {
            return List.of(500.0);
        }

        @Override
        public VideoTransformer expert(int number) {
            return number == 0 ? first : second;
        }

        @Override
        public void close() {}
    }

    private final class Watching implements CachePolicy {

        @Override
        public FeatureCache open(Generation generation) {
            opened.add(generation);
            return new FeatureCache() {
                @Override
                public NDArray predict(Step step, Prediction prediction) {
                    seen.add(step);
                    return prediction.compute();
                }
            };
        }
    }

    @Test
    void eachExpertPredictsTheStepsOfItsTimes() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // When: 1000, 667 / 334, 1
            sample(manager, new Guidance(1), CachePolicy.NONE, 4);
            // Then
            assertThat(first.asked()).containsExactly("condition", "embed", "block 0", "embed", "block 0");
            assertThat(second.asked()).isEqualTo(first.asked());
            assertThat(reports).extracting(report -> report.step().index()).containsExactly(0, 1, 2, 3);
            assertThat(reports).extracting(report -> report.step().count()).containsOnly(4);
        }
    }

    @Test
    void atTheBoundaryItselfTheFirstPredicts() {
        try (Trajectory trajectory = new FlowMatchEuler(1).plan(4)) {
            // When
            List<ExpertTrajectory> parts = ExpertTrajectory.of(trajectory, List.of(trajectory.timestep(1)));
            // Then
            assertThat(parts)
                    .extracting(ExpertTrajectory::range)
                    .containsExactly(new StepRange(0, 2, 4), new StepRange(2, 2, 4));
        }
    }

    @Test
    void aCacheStartsAnewWithEachExpertAndSeesAScheduleOfItsOwn() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // When
            sample(manager, new Guidance(1), new Watching(), 5);
            // Then: 1000, 750.25, 500.5 / 250.75, 1
            assertThat(opened)
                    .extracting(generation -> generation.trajectory().steps())
                    .containsExactly(3, 2);
            assertThat(seen).extracting(Step::index).containsExactly(0, 1, 2, 0, 1);
            assertThat(seen).extracting(Step::isLast).containsExactly(false, false, true, false, true);
            assertThat(seen).extracting(Step::timestep).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            assertThat(opened.get(1).trajectory().sigma(2)).isZero();
            assertThat(opened.get(0).trajectory().precedingTimestep()).isEmpty();
            assertThat(opened.get(1).trajectory().precedingTimestep()).hasValueCloseTo(500.5, offset(1e-3));
            assertThat(opened.get(1).memory()).isNotSameAs(opened.get(0).memory());
        }
    }

    @Test
    void anExpertWithoutStepsIsNotAskedFor() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // When
            sample(manager, new Guidance(1), new Watching(), 1);
            // Then
            assertThat(opened).hasSize(1);
            assertThat(second.asked()).isEmpty();
        }
    }

    @Test
    void theSecondExpertMayHaveAGuidanceScaleOfItsOwn() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given: every prediction is x + 2 p, with prompts 5 and 2
            Guidance guidance = new Guidance(3).withScale2(0.5);
            // When: 1000 to 1, then to 0
            NDArray latents = sample(manager, guidance, CachePolicy.NONE, 2);
            // Then: x - 0.999 (x + 4 + 3 * 6), then x - 0.001 (x + 4 + 0.5 * 6)
            double once = 1 - 0.999 * (1 + 22);
            assertThat((double) latents.getFloat(0, 0, 0, 0, 0)).isCloseTo(once - 0.001 * (once + 7), within(1e-3));
        }
    }

    @Test
    void aSecondGuidanceScaleNeedsASecondExpert() {
        // Given
        Sampler sampler = new Sampler(first, new FlowMatchEuler(1), new Guidance(3).withScale2(2), CachePolicy.NONE);
        // When, Then
        assertThatThrownBy(() -> sampler.requireFit(4, CLIP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("guidanceScale2 is 2.0");
    }

    @Test
    void aMethodMustFitTheStepsOfAllExpertsTogether() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            CachePolicy fromFour = new CachePolicy() {
                @Override
                public FeatureCache open(Generation generation) {
                    return FeatureCache.NONE;
                }

                @Override
                public void requireFit(ModelOutline model, int steps) {
                    if (steps < 4) {
                        throw new IllegalArgumentException("steps " + steps);
                    }
                }
            };
            // When, Then: two steps for each expert, or two and one
            sample(manager, new Guidance(1), fromFour, 4);
            assertThat(reports).hasSize(4);
            assertThatThrownBy(() -> sample(manager, new Guidance(1), fromFour, 3))
                    .hasMessageContaining("steps 3");
        }
    }

    @Test
    void aMethodMayNameStepsOfTheWholeAndHearsOfEachExpertsRange() {
        try (NDManager manager = NDManager.newBaseManager()) {
            // Given
            List<StepRange> ranges = new ArrayList<>();
            CachePolicy policy = new CachePolicy() {
                @Override
                public CachePolicy within(StepRange steps) {
                    ranges.add(steps);
                    return NONE;
                }

                @Override
                public FeatureCache open(Generation generation) {
                    throw new IllegalStateException("the policy of a range is opened, not that of the whole");
                }
            };
            // When
            sample(manager, new Guidance(1), policy, 4);
            // Then
            assertThat(ranges.stream().collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder(new StepRange(0, 2, 4), new StepRange(2, 2, 4));
        }
    }

    private NDArray sample(NDManager manager, Guidance guidance, CachePolicy policy, int steps) {
        PromptEmbeddings prompts = branch ->
                new PromptEmbedding(manager.full(new Shape(1, 1, 1), branch == Branch.CONDITIONED ? 5f : 2f), 1);
        return new Sampler(new Two(), new FlowMatchEuler(1), guidance, policy)
                .sample(manager.ones(LATENTS), prompts, CLIP, steps, (report, latents) -> reports.add(report));
    }
}
