package io.lowpass.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.lab.statistics.Summary.Better;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SummaryTest {

    private record Result(String name, double cost, double gain) {}

    @Test
    void meanDeviationAndWorstOfAllRuns() {
        // Given: squares of the differences from 5 are 9, 1, 1, 9, so the variance is 20 / 3
        List<List<Double>> clusters = List.of(List.of(2.0, 4.0), List.of(6.0, 8.0));

        // When
        Summary higher = Summary.of(clusters, Better.HIGHER);
        Summary lower = Summary.of(clusters, Better.LOWER);

        // Then
        assertThat(higher.runs()).isEqualTo(4);
        assertThat(higher.mean()).isEqualTo(5);
        assertThat(higher.deviation()).isCloseTo(Math.sqrt(20.0 / 3), within(1e-12));
        assertThat(higher.worst()).isEqualTo(2);
        assertThat(lower.worst()).isEqualTo(8);
        assertThat(higher.interval()).as("of two clusters").isEmpty();
    }

    @Test
    void anIntervalIsOfClustersAndNotOfRuns() {
        // Given: eight prompts with two seeds, which agree
        List<List<Double>> clusters = IntStream.range(0, 8)
                .mapToObj(i -> List.of(i % 2 * 10.0, i % 2 * 10.0))
                .toList();

        // When
        Summary summary = Summary.of(clusters, Better.HIGHER);

        // Then
        assertThat(summary.interval()).contains(new Bootstrap.Interval(1.25, 8.75));
        assertThat(summary.with(Optional.empty()).interval()).isEmpty();
    }

    @Test
    void aMedianIsTheMiddleOrTheMeanOfTheMiddleTwo() {
        // Given: 100 dB stand for a video that was not changed at all
        List<List<Double>> odd = List.of(List.of(100.0, 30.0), List.of(32.0));
        List<List<Double>> even = List.of(List.of(100.0, 30.0), List.of(32.0, 36.0));

        // When, Then
        assertThat(Summary.of(odd, Better.HIGHER).median()).isEqualTo(32);
        assertThat(Summary.of(even, Better.LOWER).median()).isEqualTo(34);
    }

    @Test
    void aSingleRunHasNeitherDeviationNorInterval() {
        // When
        Summary single = Summary.of(List.of(List.of(3.0)), Better.HIGHER);

        // Then
        assertThat(single.deviation()).isZero();
        assertThat(single.interval()).isEmpty();
    }

    @Test
    void noRunsAreRefused() {
        // When, Then
        assertThatThrownBy(() -> Summary.of(List.of(), Better.HIGHER)).hasMessageContaining("no runs");
    }

    @Test
    void theFrontHoldsWhatNothingBeats() {
        // Given
        Result slow = new Result("slow and best", 10, 40);
        Result fast = new Result("fast", 2, 20);
        Result beaten = new Result("slower than fast, no better", 3, 20);
        Result middle = new Result("middle", 5, 30);
        Result same = new Result("equal to middle", 5, 30);
        Result worse = new Result("as slow as middle, worse", 5, 29);

        // When
        List<Result> front =
                ParetoFront.of(List.of(slow, beaten, middle, fast, worse, same), Result::cost, Result::gain);

        // Then
        assertThat(front).containsExactly(fast, middle, same, slow);
    }
}
