package io.lowpass.lab.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.contracts.Size;
import io.lowpass.diffusion.cost.Work;
import io.lowpass.lab.evaluate.EvaluationConditions.Pair;
import io.lowpass.lab.statistics.Bootstrap.Interval;
import io.lowpass.lab.statistics.Summary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ResultsTest {

    /** Two prompts with two seeds. */
    static EvaluationConditions conditions(int steps) {
        return conditions(steps, List.of("a ball", "a cube"), List.of(7L, 8L));
    }

    private static EvaluationConditions conditions(int steps, List<String> prompts, List<Long> seeds) {
        return new EvaluationConditions(
                "tiny",
                "sha256:0",
                prompts,
                seeds,
                new Size(64, 64),
                5,
                8,
                steps,
                5,
                "euler",
                3,
                "f32",
                0,
                1,
                false,
                OptionalDouble.empty(),
                List.of());
    }

    /** A run that takes a tenth of a second for each giga of work, besides 1 s of decoding. */
    static RunRecord run(EvaluationConditions conditions, Pair pair, String policy, double giga, double psnr) {
        return new RunRecord(
                conditions.digest(),
                pair.prompt(),
                pair.text(),
                pair.seed(),
                policy,
                conditions.steps(),
                0,
                giga * 100,
                1000,
                giga * 1e9,
                (int) giga,
                conditions.steps() - (int) giga,
                0,
                Work.NONE,
                1 << 20,
                new Fidelity(psnr, 0.9, Optional.empty()),
                Optional.empty(),
                Optional.of("settings of " + policy));
    }

    @Test
    void figuresAreMeansOverPairsWithPromptsAsClusters() {
        // Given: PSNR 20 and 22 for the first prompt, 30 and 32 for the second
        EvaluationConditions conditions = conditions(10);
        List<RunRecord> runs = new ArrayList<>();
        double[] psnr = {20, 30, 22, 32};
        for (int i = 0; i < 4; i++) {
            Pair pair = conditions.pairs().get(i);
            runs.add(run(conditions, pair, "none", 10, 100));
            runs.add(run(conditions, pair, "fixed:5", 5, psnr[i]));
        }

        // When
        Results results = new Results(conditions, entrants("none", "fixed:5"), runs);

        // Then
        Summary fidelity = results.figure("fixed:5", Metric.PSNR).orElseThrow();
        assertThat(fidelity.runs()).isEqualTo(4);
        assertThat(fidelity.mean()).isEqualTo(26);
        assertThat(fidelity.worst()).isEqualTo(20);
        assertThat(fidelity.interval()).as("of two prompts").isEmpty();
        assertThat(mean(results, "fixed:5", Metric.DENOISING_SPEEDUP)).isEqualTo(2);
        assertThat(mean(results, "fixed:5", Metric.SPEEDUP)).isCloseTo(2 / 1.5, within(1e-12));
        assertThat(mean(results, "fixed:5", Metric.EQUIVALENTS)).isEqualTo(5);
        assertThat(mean(results, "fixed:5", Metric.MACS)).isEqualTo(5);
        assertThat(results.figure("fixed:5", Metric.LPIPS)).isEmpty();
        assertThat(results.figure("fixed:5", Metric.FINE_PSNR)).isEmpty();
    }

    @Test
    void pairsThatSomebodyHasNotRunDoNotCount() {
        // Given
        EvaluationConditions conditions = conditions(10);
        List<RunRecord> runs = new ArrayList<>();
        conditions.pairs().forEach(pair -> runs.add(run(conditions, pair, "none", 10, 100)));
        conditions.pairs().stream()
                .skip(1)
                .forEach(pair -> runs.add(run(conditions, pair, "fixed:5", 5, 20 + pair.prompt())));

        // When
        Results results = new Results(conditions, entrants("none", "fixed:5"), runs);

        // Then
        assertThat(results.pairs()).hasSize(3).doesNotContain(conditions.pairs().get(0));
        assertThat(results.figure("none", Metric.MACS).orElseThrow().runs()).isEqualTo(3);
        assertThatThrownBy(() -> new Results(conditions, entrants("none", "fixed:5"), runs.subList(0, 4)))
                .hasMessageContaining("no prompt has been run under every policy");
    }

    @Test
    void equalCostLiesOnTheLineBetweenTheTwoAroundIt() {
        // Given: at 4 of the work, the controls would have 1/2 of 20 and 1/2 of 28, so 24; the policy has 27
        EvaluationConditions conditions = conditions(10);
        List<RunRecord> runs = new ArrayList<>();
        for (Pair pair : conditions.pairs()) {
            double offset = pair.prompt();
            runs.add(run(conditions, pair, "none", 10, 100));
            runs.add(run(conditions, pair, "steps:2", 2, 20 + offset));
            runs.add(run(conditions, pair, "steps:6", 6, 28 + offset));
            runs.add(run(conditions, pair, "fixed:4", 4, 27 + 3 * offset));
            runs.add(run(conditions, pair, "fixed:8", 8, 40));
        }
        Results results = new Results(conditions, entrants("none", "steps:2", "steps:6", "fixed:4", "fixed:8"), runs);
        EqualCost measure = new EqualCost(Metric.EQUIVALENTS, Metric.PSNR);

        // When
        Summary difference = measure.difference(results, "fixed:4", List.of("steps:6", "steps:2"))
                .orElseThrow();

        // Then: 3 for the first prompt, 5 for the second
        assertThat(difference.mean()).isCloseTo(4, within(1e-9));
        assertThat(difference.worst()).isCloseTo(3, within(1e-9));
        assertThat(measure.difference(results, "fixed:8", List.of("steps:6", "steps:2")))
                .as("no control costs more")
                .isEmpty();
    }

    @Test
    void whatVariesInCostIsInTheIntervalAtEqualCost() {
        // Given: every prompt gains the same, but half of them cost the policy 3 and half of them 5
        EvaluationConditions conditions = conditions(10, List.of("a", "b", "c", "d", "e", "f", "g", "h"), List.of(1L));
        List<RunRecord> runs = new ArrayList<>();
        for (Pair pair : conditions.pairs()) {
            runs.add(run(conditions, pair, "none", 10, 100));
            runs.add(run(conditions, pair, "steps:2", 2, 20));
            runs.add(run(conditions, pair, "steps:6", 6, 28));
            runs.add(run(conditions, pair, "precise:base", 3 + pair.prompt() % 2 * 2, 30));
        }
        Results results = new Results(conditions, entrants("none", "steps:2", "steps:6", "precise:base"), runs);

        // When
        Summary difference = new EqualCost(Metric.EQUIVALENTS, Metric.PSNR)
                .difference(results, "precise:base", List.of("steps:2", "steps:6"))
                .orElseThrow();

        // Then: of eight draws one to seven are of 5, so the mean cost is 3.25 to 4.75, and the line there 22.5 to 25.5
        assertThat(difference.mean()).isCloseTo(6, within(1e-9));
        Interval interval = difference.interval().orElseThrow();
        assertThat(interval.low()).isCloseTo(4.5, within(1e-9));
        assertThat(interval.high()).isCloseTo(7.5, within(1e-9));
    }

    @Test
    void theFrontLeavesOutTheUncachedRunAndWhatIsBeaten() {
        // Given
        EvaluationConditions conditions = conditions(10);
        List<RunRecord> runs = new ArrayList<>();
        for (Pair pair : conditions.pairs()) {
            runs.add(run(conditions, pair, "none", 10, 100));
            runs.add(run(conditions, pair, "steps:2", 2, 20));
            runs.add(run(conditions, pair, "fixed:4", 4, 30));
            runs.add(run(conditions, pair, "steps:6", 6, 29));
        }
        Results results = new Results(conditions, entrants("none", "steps:2", "fixed:4", "steps:6"), runs);

        // When
        List<String> front = new ParetoSection(results).front(new EqualCost(Metric.DENOISING, Metric.PSNR));

        // Then
        assertThat(front).containsExactly("steps:2", "fixed:4");
    }

    static List<Entrant> entrants(String... policies) {
        return List.of(policies).stream().map(text -> Entrant.of(text, 10)).toList();
    }

    private static double mean(Results results, String policy, Metric metric) {
        return results.figure(policy, metric).orElseThrow().mean();
    }
}
