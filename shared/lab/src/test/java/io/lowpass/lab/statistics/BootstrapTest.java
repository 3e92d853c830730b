package io.lowpass.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.lowpass.lab.statistics.Bootstrap.Interval;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BootstrapTest {

    @Test
    void clustersFollowTheDrawsThatTheyHave() {
        // Given: four of 0 and four of 10, of which eight draws have X of 10 by the binomial distribution
        List<List<Double>> clusters =
                IntStream.range(0, 8).mapToObj(i -> List.of(i % 2 * 10.0)).toList();

        // When, Then: X is up to 1 in 3.5 % and up to 0 in 0.4 % of all draws; up to 2 in 14 % and up to 3 in 36 %
        assertThat(Bootstrap.mean(clusters, 0.95)).contains(new Interval(1.25, 8.75));
        assertThat(Bootstrap.mean(clusters, 0.4)).contains(new Interval(3.75, 6.25));
    }

    @Test
    void valuesOfAClusterAreDrawnTogether() {
        // Given: were they drawn one by one, means near 5 would be by far the likeliest
        List<List<Double>> clusters = IntStream.range(0, 8)
                .mapToObj(i -> Collections.nCopies(4, i % 2 * 10.0))
                .toList();

        // When, Then
        assertThat(Bootstrap.mean(clusters, 0.9)).contains(new Interval(2.5, 7.5));
    }

    @Test
    void aLargeSampleHasTheIntervalOfItsStandardError() {
        // Given: 0 to 399, standard deviation 115.47, so a standard error of 5.77 around 199.5
        List<List<Double>> clusters =
                IntStream.range(0, 400).mapToObj(i -> List.of((double) i)).toList();

        // When
        Interval interval = Bootstrap.mean(clusters, 0.95).orElseThrow();

        // Then
        assertThat(interval.low()).isCloseTo(199.5 - 1.96 * 5.77, within(0.5));
        assertThat(interval.high()).isCloseTo(199.5 + 1.96 * 5.77, within(0.5));
    }

    @Test
    void fewClustersHaveNoInterval() {
        // Given
        List<List<Double>> clusters =
                IntStream.range(0, 8).mapToObj(i -> List.of((double) i)).toList();

        // When, Then
        assertThat(Bootstrap.mean(clusters, 0.95)).isPresent();
        assertThat(Bootstrap.mean(clusters.subList(0, 7), 0.95)).isEmpty();
        assertThat(Bootstrap.mean(clusters.subList(0, 2), 0.95)).isEmpty();
    }

    @Test
    void aFigureOfSeveralMeansIsMadeAnewFromEachDraw() {
        // Given: a ratio of two sums that rise and fall together, by a factor of 2
        double[] above = {2, 4, 6, 8, 10, 12, 14, 16, 18, 20};
        double[] below = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

        // When
        Interval interval = Bootstrap.of(10, drawn -> sum(above, drawn) / sum(below, drawn), 0.95)
                .orElseThrow();

        // Then: it is 2 in every draw
        assertThat(interval).isEqualTo(new Interval(2, 2));
        assertThat(Bootstrap.of(10, drawn -> sum(above, drawn) / 0, 0.95))
                .as("of what is not finite")
                .isEmpty();
    }

    private static double sum(double[] values, int[] drawn) {
        return IntStream.of(drawn).mapToDouble(place -> values[place]).sum();
    }

    @Test
    void whatCannotBeDrawnIsRefused() {
        // When, Then
        assertThatThrownBy(() -> Bootstrap.mean(List.of(List.of(1.0), List.of()), 0.95))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("without values");
        assertThatThrownBy(() -> Bootstrap.mean(List.of(List.of(1.0)), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("level 1.0");
    }
}
