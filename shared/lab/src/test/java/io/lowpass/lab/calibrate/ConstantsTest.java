package io.lowpass.lab.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.StepRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConstantsTest {

    private static final int STEPS = 20;
    private static final StepRange ALL = new StepRange(0, STEPS, STEPS);
    private static final StepRange THREE = new StepRange(0, 3, 3);

    @Test
    void eachSignalHasItsPolynomialOverTheStepsAtWhichItsModeDecides() {
        // Given: outputs that follow the time everywhere but at the last step, and its projection from step 5
        List<StepChange> changes = IntStream.range(1, STEPS)
                .mapToObj(step -> change(
                        step,
                        Branch.CONDITIONED,
                        Map.of(Signal.TIME, 0.1 * step, Signal.TIME_PROJECTION, step < 5 ? 0.7 : 0.2 * step),
                        step == STEPS - 1 ? 77 : 0.3 * step,
                        1))
                .toList();

        // When
        List<Constants> variants = Constants.tea(changes);

        // Then
        assertThat(variants).hasSize(2).allMatch(constants -> constants.method().equals("teacache"));
        assertThat(variants.get(0).options()).containsEntry("signal", "time").doesNotContainKey("retention");
        assertThat(variants.get(0).fit()).containsEntry("r2", 1.0).containsEntry("points", 18);
        assertThat(variants.get(1).options())
                .containsEntry("signal", "timeProjection")
                .containsEntry("retention", true);
        assertThat(variants.get(1).fit()).containsEntry("points", 15);
    }

    @Test
    void aPolynomialThatIsNegativeSomewhereIsToldOf() {
        // Given
        List<StepChange> changes = IntStream.range(1, STEPS)
                .mapToObj(step -> change(step, Branch.CONDITIONED, Map.of(Signal.INPUT, 0.1 * step), step - 9.5, 1))
                .toList();

        // When
        Constants only = Constants.tea(changes).get(0);

        // Then: at steps 1 to 9 of 1 to 18
        assertThat(only.fit()).containsEntry("shareNegative", 0.5);
    }

    @Test
    void curvesAreTheMeansOfPromptsForEachBranch() {
        // Given: two prompts of three steps
        List<StepChange> changes = new ArrayList<>();
        for (double of : List.of(0.9, 0.8)) {
            changes.add(magnitude(THREE, 1, Branch.CONDITIONED, of));
            changes.add(magnitude(THREE, 1, Branch.UNCONDITIONED, 1));
            changes.add(magnitude(THREE, 2, Branch.CONDITIONED, of / 2));
            changes.add(magnitude(THREE, 2, Branch.UNCONDITIONED, 1.25));
        }

        // When
        Constants curves = Constants.mag(changes);

        // Then
        assertThat(curves.options())
                .containsEntry("ratios", List.of(1.0, 0.85, 0.425))
                .containsEntry("unconditionedRatios", List.of(1.0, 1.0, 1.25));
        assertThat(curves.fit()).containsEntry("worstSpread", 0.05);
    }

    @Test
    void aCurveStartsAnewWithEachExpert() {
        // Given: of five steps the first expert has three, with 0.9 and 0.8, and the second two, with 0.5
        StepRange first = new StepRange(0, 3, 5);
        StepRange second = new StepRange(3, 2, 5);

        // When
        Constants curves = Constants.mag(List.of(
                magnitude(first, 1, Branch.CONDITIONED, 0.9),
                magnitude(first, 2, Branch.CONDITIONED, 0.8),
                magnitude(second, 4, Branch.CONDITIONED, 0.5)));

        // Then
        assertThat(curves.options()).containsEntry("ratios", List.of(1.0, 0.9, 0.8, 1.0, 0.5));
    }

    @Test
    void theLastStepOfEachExpertIsNoneAtWhichTeaCacheDecides() {
        // Given: two experts of ten steps, whose outputs follow the signal but at the last step of each
        List<StepChange> changes = IntStream.range(1, STEPS)
                .filter(step -> step != 10)
                .mapToObj(step -> new StepChange(
                        new StepRange(step / 10 * 10, 10, STEPS),
                        step,
                        Branch.CONDITIONED,
                        Map.of(Signal.TIME, 0.1 * step, Signal.TIME_PROJECTION, 0.2 * step),
                        step % 10 == 9 ? 77 : 0.3 * step,
                        1))
                .toList();

        // When
        List<Constants> variants = Constants.tea(changes);

        // Then: steps 1 to 8 of each, and with retention 5 to 9
        assertThat(variants.get(0).fit()).containsEntry("r2", 1.0).containsEntry("points", 16);
        assertThat(variants.get(1).fit()).containsEntry("points", 10);
    }

    private static StepChange change(
            int step, Branch branch, Map<Signal, Double> signals, double output, double magnitude) {
        return new StepChange(ALL, step, branch, signals, output, magnitude);
    }

    private static StepChange magnitude(StepRange steps, int step, Branch branch, double magnitude) {
        return new StepChange(steps, step, branch, Map.of(), 0, magnitude);
    }
}
