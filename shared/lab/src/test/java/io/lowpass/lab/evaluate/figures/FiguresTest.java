package io.lowpass.lab.evaluate.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.caching.fixed.Fixed;
import io.lowpass.contracts.Size;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.generation.VideoPipeline;
import io.lowpass.lab.options.VideoSettings;
import io.lowpass.lab.options.VideoSettings.Prompt;
import io.lowpass.lab.plot.Markup;
import io.lowpass.lab.quality.VideoFidelity;
import io.lowpass.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresTest {

    private static final Path MODELS = Path.of(System.getProperty("lowpass.root"), "shared", "golden", "models");
    private static final Path TINY = MODELS.resolve("wan-pipeline");
    private static final Prompt BALL = new Prompt("a ball", 7);
    private static final int STEPS = 6;

    @TempDir
    private Path folder;

    static FigureSettings settings(int steps, int stride) {
        VideoSettings video = new VideoSettings(
                new Size(96, 64), 5, 16, steps, 5, "unipc", 3, OptionalDouble.empty(), Optional.empty());
        return new FigureSettings(video, List.of(BALL, new Prompt("a cube", 8)), stride);
    }

    @Test
    void everyFigureIsMeasuredOnceAndGoesOnAfterAnInterruption() throws IOException {
        // Given: a first call that is interrupted after one prompt, in the middle of a line
        FigureSettings settings = settings(STEPS, 2);
        Path file = folder.resolve("figures.jsonl");
        try (VideoPipeline pipeline = VideoPipeline.open(TINY, Precision.F32)) {
            Figures first = Figures.open(folder, "tiny", settings);
            int[] begun = {0};
            first.run(pipeline, line -> {}, () -> begun[0]++ == 0);
            assertThat(first.sections()).hasSize(4);
            Files.writeString(file, Files.readString(file) + "{\"conditions\": \"ti");

            // When
            Figures second = Figures.open(folder, "tiny", settings);
            second.run(pipeline, line -> assertThat(line).doesNotContain("a ball"), () -> true);

            // Then
            assertThat(Files.readAllLines(file)).hasSize(2);
            String page = second.sections().stream().map(Markup::toString).collect(Collectors.joining());
            assertThat(page)
                    .contains("Figure 3", "Figure 4", "Figure 5", "Figure 6", "<svg", "a ball", "a cube")
                    .contains("difference, low, times the step's length");
            assertThat(second.report()).containsKeys("prompts", "agreementWithInfluence", "agreementOfProbes");
            assertThat(Figures.open(folder, "other", settings).sections()).isEmpty();
            assertThat(Figures.open(folder, "tiny", settings(STEPS, 3)).sections())
                    .isEmpty();
        }
    }

    @Test
    void theInfluenceOfAStepIsWhatSkippingItAloneDoes() {
        try (VideoPipeline pipeline = VideoPipeline.open(TINY, Precision.F32);
                NDManager owner = NDManager.newBaseManager("PyTorch");
                VideoFidelity fidelity = new VideoFidelity()) {
            // Given: every step but 3 computed, by the policy that is told which
            FigureSettings settings = settings(STEPS, 2);
            NDArray full = video(pipeline, owner, settings, CachePolicy.NONE);
            NDArray skipped = video(pipeline, owner, settings, new Fixed(Set.of(0, 1, 2, 4, 5), 0));

            // When
            PromptFigures figures = new FigureRuns(pipeline, settings, "tiny", line -> {}).measure(BALL);

            // Then
            assertThat(figures.influences()).extracting(Influence::step).containsExactly(1, 3, 5);
            Influence third = figures.influences().get(1);
            assertThat(third.whole()).isPositive().isCloseTo(fidelity.meanSquaredError(skipped, full), within(1e-9));
            assertThat(third.low()).isNotEqualTo(third.high());
            assertThat(figures.steps()).isEqualTo(STEPS);
            assertThat(figures.blocks())
                    .hasSize(STEPS)
                    .allMatch(step ->
                            step.size() == pipeline.latents().transformer().depth());
            assertDistancesAddUp(figures.distances());
            assertThat(figures.probes())
                    .isNotEmpty()
                    .allMatch(probe ->
                            probe.cached().size() == STEPS - 1 && probe.trial().size() == STEPS - 1);
        }
    }

    @Test
    void stepsOfTwoExpertsAreThoseOfOneGeneration() throws IOException {
        // Given: the second expert has the last three of nine steps, which differ from the first three of the other
        FigureSettings settings = settings(9, 7);
        Set<Integer> butTheLast = Set.of(0, 1, 2, 3, 4, 5, 6, 7);
        try (VideoPipeline pipeline = VideoPipeline.open(MODELS.resolve("wan22-pipeline"), Precision.F32);
                NDManager owner = NDManager.newBaseManager("PyTorch");
                VideoFidelity fidelity = new VideoFidelity()) {
            NDArray full = video(pipeline, owner, settings, CachePolicy.NONE);
            NDArray skipped = video(pipeline, owner, settings, new Fixed(butTheLast, 0));

            // When
            PromptFigures figures = new FigureRuns(pipeline, settings, "two experts", line -> {}).measure(BALL);

            // Then
            assertThat(figures.influences()).extracting(Influence::step).containsExactly(1, 8);
            assertThat(figures.influences().get(1).whole())
                    .isPositive()
                    .isCloseTo(fidelity.meanSquaredError(skipped, full), within(1e-9));
            assertThat(figures.probes())
                    .isNotEmpty()
                    .allMatch(
                            probe -> probe.cached().size() == 8 && probe.trial().size() == 8);
            assertThat(figures.probes()).extracting(ProbeDistances::resolution).doesNotHaveDuplicates();
            assertThat(figures.blocks()).hasSize(9);
            assertThat(Agreement.ofProbes(List.of(figures))).isNotEmpty();
        }
    }

    @Test
    void aLineThatLacksStepsIsMeasuredAgain() throws IOException {
        // Given: what an early version wrote of a model with two experts, a probe for each
        ProbeDistances half = new ProbeDistances("1x2x2", List.of(0.1), List.of(0.1));
        List<Double> whole = List.of(0.1, 0.2);
        PromptFigures lacking = new PromptFigures(
                "tiny-1",
                BALL.text(),
                BALL.seed(),
                List.of(1.0, 0.8, 0.4, 0.0),
                new Distances(whole, whole, whole),
                List.of(half, half),
                List.of(),
                List.of());
        FigureLog.open(folder, "tiny-1").add(lacking);

        // When
        Figures figures = Figures.open(folder, "tiny", settings(3, 1));

        // Then
        assertThat(figures.report()).isEmpty();
    }

    /** Low and high frequencies are orthogonal, so their squares add up to that of the whole. */
    private static void assertDistancesAddUp(Distances distances) {
        assertThat(distances.whole()).hasSize(STEPS - 1).allMatch(value -> value > 0);
        for (int i = 0; i < distances.whole().size(); i++) {
            double sum = Math.hypot(distances.low().get(i), distances.high().get(i));
            assertThat(sum).isCloseTo(distances.whole().get(i), within(1e-5 * sum));
        }
    }

    private static NDArray video(VideoPipeline pipeline, NDManager owner, FigureSettings settings, CachePolicy policy) {
        return pipeline.generate(
                        owner, settings.video().plan(BALL, policy, pipeline.schedulerConfig()), ProgressListener.SILENT)
                .frames();
    }
}
