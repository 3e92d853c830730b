package io.lowpass.caching.taylor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.caching.Forecast.Form;
import io.lowpass.caching.Script;
import io.lowpass.caching.TwoBranches;
import io.lowpass.caching.taylor.TaylorSeer.Scope;
import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.ModelOutline;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.testing.FeatureCacheContract;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaylorSeerTest extends FeatureCacheContract {

    @Override
    protected CachePolicy policy() {
        return new TaylorSeer(3, 4, 1, Form.TAYLOR, Scope.SUB_LAYERS);
    }

    @Override
    protected CachePolicy off() {
        return new TaylorSeer(1, 4, 1, Form.TAYLOR, Scope.SUB_LAYERS);
    }

    @Test
    void theFirstIntervalIsTheShorterOneOfTheReference() {
        // Given
        Script script = new Script(Collections.nCopies(12, 1.0), Collections.nCopies(12, 0.0));
        // When, Then
        assertThat(script.play(lite(3, 4, 1, Form.TAYLOR)).kinds()).isEqualTo("CCCCFCFFCFFC");
        assertThat(script.play(lite(5, 3, 0, Form.TAYLOR)).kinds()).isEqualTo("CCCRCRRRRCRR");
    }

    @Test
    void aStraightLineIsContinuedInEitherForm() {
        // Given
        Script script = script(step -> 3 + 2.0 * step);
        for (Form form : Form.values()) {
            // When
            Script.Played played = script.play(lite(3, 3, 1, form));
            // Then
            assertClose(played.predictions(), script.full());
        }
    }

    @Test
    void newtonsFormIsExactOnPolynomialsOfItsOrderAndTheSeriesIsNot() {
        // Given
        Script script = script(step -> 1.0 * step * step);
        // When
        Script.Played newton = script.play(lite(3, 3, 2, Form.NEWTON));
        Script.Played series = script.play(lite(3, 3, 2, Form.TAYLOR));
        // Then
        assertClose(newton.predictions(), script.full());
        assertThat(series.predictions().get(5)).isNotCloseTo(25.0, within(0.5));
    }

    @Test
    void theLastStepsAreComputedWhereAskedFor() {
        // Given
        Script script = new Script(Collections.nCopies(12, 1.0), Collections.nCopies(12, 0.0));
        // When, Then
        assertThat(script.play(new TaylorSeer(5, 3, 0, Form.TAYLOR, Scope.PREDICTION, 3))
                        .kinds())
                .isEqualTo("CCCRCRRRRCCC");
    }

    @Test
    void theLiteFormForecastsEachBranchAndThenGuides() {
        // Given: straight lines, whose guidance by a scale that changes is none
        IntToDoubleFunction conditioned = step -> 3 + 2.0 * step;
        IntToDoubleFunction unconditioned = step -> 1 - 1.0 * step;
        // When
        List<Double> guided = TwoBranches.play(lite(3, 3, 1, Form.TAYLOR), 12, conditioned, unconditioned);
        // Then
        assertClose(
                guided,
                IntStream.range(0, 12)
                        .mapToObj(i ->
                                TwoBranches.guided(i, conditioned.applyAsDouble(i), unconditioned.applyAsDouble(i)))
                        .toList());
    }

    @Test
    void refusesWhatHasNoMeaningOrDoesNotFit() {
        assertThatThrownBy(() -> lite(0, 3, 1, Form.TAYLOR)).hasMessageContaining("interval 0");
        assertThatThrownBy(() -> lite(3, 0, 1, Form.TAYLOR)).hasMessageContaining("warmUp 0");
        assertThatThrownBy(() -> new TaylorSeer(3, 3, 1, Form.TAYLOR, Scope.PREDICTION, -1))
                .hasMessageContaining("end -1");
        assertThatThrownBy(() -> lite(3, 3, 5, Form.TAYLOR)).hasMessageContaining("order 5");
        ModelOutline opaque =
                new ModelOutline(4, Set.of(), Set.of(Signal.INPUT), List.of(1, 2, 2), List.of(Branch.CONDITIONED));
        assertThatThrownBy(() -> policy().requireFit(opaque, 20)).hasMessageContaining("opaque");
        assertThatThrownBy(() -> policy().requireFit(opaque, 4)).hasMessageContaining("steps 4");
    }

    private static void assertClose(List<Double> ours, List<Double> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(ours.get(i)).as("step %s", i).isCloseTo(expected.get(i), within(1e-3));
        }
    }

    private static TaylorSeer lite(int interval, int warmUp, int order, Form form) {
        return new TaylorSeer(interval, warmUp, order, form, Scope.PREDICTION);
    }

    private static Script script(IntToDoubleFunction value) {
        List<Double> full =
                IntStream.range(0, 12).mapToObj(value::applyAsDouble).toList();
        return new Script(full, Collections.nCopies(12, 0.0));
    }
}
