package io.lowpass.lab.evaluate.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AgreementTest {

    @Test
    void figuresAreHeldAgainstTheInfluenceAtTheStepsThatWereReused() {
        // Given: at steps 1, 2 and 4 the influence falls, the low difference with it, and the whole one rises
        PromptFigures one = figures(List.of(1.0, 2.0, 0.0, 3.0), List.of(9.0, 8.0, 99.0, 7.0));

        // When
        List<Agreement> all = Agreement.withInfluence(List.of(one, one));

        // Then
        assertThat(mean(all, "difference, whole")).isCloseTo(-1, within(1e-12));
        assertThat(mean(all, "difference, low")).isCloseTo(1, within(1e-12));
        assertThat(all.get(0).coefficients().orElseThrow().runs()).isEqualTo(2);
    }

    @Test
    void aDifferenceCountsByHowFarItsStepMoves() {
        // Given: steps that move by 0.1, 0.3, 0.2, 0.05, so that the whole difference is 0.1, 0.6, 0, 0.15 of theirs
        PromptFigures one = figures(List.of(1.0, 2.0, 0.0, 3.0), List.of(9.0, 8.0, 99.0, 7.0));

        // When
        double weighted = mean(Agreement.withInfluence(List.of(one)), "difference, whole, times the step's length");

        // Then: at 1, 2, 4 ranks 1, 3, 2 against 3, 2, 1, with squared distances that sum to 6
        assertThat(weighted).isCloseTo(1 - 6 * 6 / 24.0, within(1e-12));
    }

    @Test
    void probesAreHeldAgainstTheFullSizeOverAllSteps() {
        // Given: the probe sees 4, 3, 2, 1 where the full size has 9, 8, 99, 7; its own steps 1, 2, 3, 0
        PromptFigures one = figures(List.of(1.0, 2.0, 0.0, 3.0), List.of(9.0, 8.0, 99.0, 7.0));

        // When
        List<Agreement> all = Agreement.ofProbes(List.of(one));

        // Then: ranks 4, 3, 2, 1 against 3, 2, 4, 1, and 2, 3, 4, 1 against the same
        assertThat(mean(all, "2x4x4 to the cached prediction")).isCloseTo(1 - 6 * 6 / 60.0, within(1e-12));
        assertThat(mean(all, "2x4x4 to the probe before")).isCloseTo(1 - 6 * 2 / 60.0, within(1e-12));
    }

    @Test
    void aPromptWithoutACoefficientLeavesNoMeanOfTheOthers() {
        // Given: the whole difference of one prompt is the same at all steps
        PromptFigures one = figures(List.of(1.0, 2.0, 0.0, 3.0), List.of(9.0, 8.0, 99.0, 7.0));
        PromptFigures level = figures(List.of(1.0, 1.0, 1.0, 1.0), List.of(9.0, 8.0, 99.0, 7.0));

        // When
        List<Agreement> all = Agreement.withInfluence(List.of(one, level));

        // Then
        assertThat(all.get(0).figure()).isEqualTo("difference, whole");
        assertThat(all.get(0).coefficients()).isEmpty();
        assertThat(mean(all, "difference, low")).isCloseTo(1, within(1e-12));
        String page = new FigureSections(List.of(one, level)).influence().toString();
        assertThat(page).contains("mean over 2 prompts; – where one of them has no coefficient", "<td>–</td>");
    }

    @Test
    void equalValuesShareTheMeanOfTheirRanks() {
        // Given: at steps 1, 2 and 4 the whole difference has ranks 1.5, 1.5, 3, against 3, 2, 1 of the influence
        PromptFigures one = figures(List.of(7.0, 7.0, 0.0, 9.0), List.of(9.0, 8.0, 99.0, 7.0));

        // When
        double coefficient = mean(Agreement.withInfluence(List.of(one)), "difference, whole");

        // Then: a product of -1.5, squares of 1.5 and 2
        assertThat(coefficient).isCloseTo(-1.5 / Math.sqrt(1.5 * 2), within(1e-12));
    }

    @Test
    void aDifferenceThatIsNoNumberLeavesNoCoefficient() {
        // Given: a whole difference that overflowed at step 2
        PromptFigures one = figures(List.of(7.0, Double.NaN, 0.0, 9.0), List.of(9.0, 8.0, 99.0, 7.0));

        // When
        List<Agreement> all = Agreement.withInfluence(List.of(one));

        // Then
        assertThat(all.get(0).coefficients()).isEmpty();
        assertThat(mean(all, "difference, low")).isCloseTo(1, within(1e-12));
    }

    @Test
    void oneStepAloneHasNoOrder() {
        // Given
        PromptFigures two = new PromptFigures(
                "",
                "a ball",
                1,
                List.of(1.0, 0.5, 0.0),
                new Distances(List.of(1.0), List.of(1.0), List.of(1.0)),
                List.of(new ProbeDistances("2x4x4", List.of(4.0), List.of(2.0))),
                List.of(),
                List.of(new Influence(1, 0.5, 0, 0)));

        // When Then
        assertThat(Agreement.withInfluence(List.of(two)))
                .allMatch(agreement -> agreement.coefficients().isEmpty());
        assertThat(Agreement.ofProbes(List.of(two)))
                .hasSize(2)
                .allMatch(agreement -> agreement.coefficients().isEmpty());
    }

    private static double mean(List<Agreement> all, String figure) {
        return all.stream()
                .filter(agreement -> agreement.figure().equals(figure))
                .findFirst()
                .orElseThrow()
                .coefficients()
                .orElseThrow()
                .mean();
    }

    private static PromptFigures figures(List<Double> whole, List<Double> low) {
        return new PromptFigures(
                "",
                "a ball",
                1,
                List.of(1.0, 0.9, 0.8, 0.5, 0.3, 0.25),
                new Distances(whole, low, low),
                List.of(new ProbeDistances("2x4x4", List.of(4.0, 3.0, 2.0, 1.0), List.of(2.0, 3.0, 4.0, 1.0))),
                List.of(),
                List.of(new Influence(1, 0.5, 0, 0), new Influence(2, 0.4, 0, 0), new Influence(4, 0.1, 0, 0)));
    }
}
