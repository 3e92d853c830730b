package io.lowpass.lab.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {

    @Test
    void onlyTheOrderCounts() {
        // Given
        double[] xs = {0.1, 3, 2, 50};

        // When Then
        assertThat(RankCorrelation.spearman(xs, new double[] {-9, 7, 6, 8})).isCloseTo(1, within(1e-12));
        assertThat(RankCorrelation.spearman(xs, new double[] {4, 2, 3, 1})).isCloseTo(-1, within(1e-12));
    }

    @Test
    void itIsOneMinusSixTimesTheSquaredDistancesOfRanks() {
        // Given: ranks 1 to 5 against 2, 1, 4, 3, 5, with squared distances that sum to 4
        double[] xs = {1, 2, 3, 4, 5};
        double[] ys = {20, 10, 40, 30, 50};

        // When
        double coefficient = RankCorrelation.spearman(xs, ys);

        // Then
        assertThat(coefficient).isCloseTo(1 - 6 * 4 / (5.0 * 24), within(1e-12));
    }

    @Test
    void equalValuesShareTheMeanOfTheirRanks() {
        // Given: ranks 1.5, 1.5, 3 against 1, 2, 3: a product of 1.5, squares of 1.5 and 2
        double coefficient = RankCorrelation.spearman(new double[] {7, 7, 9}, new double[] {1, 2, 3});

        // When Then
        assertThat(coefficient).isCloseTo(1.5 / Math.sqrt(1.5 * 2), within(1e-12));
        assertThat(RankCorrelation.spearman(new double[] {7, 7, 7}, new double[] {1, 2, 3}))
                .isNaN();
    }

    @Test
    void whatIsNoPairsIsRefused() {
        assertThatThrownBy(() -> RankCorrelation.spearman(new double[] {1}, new double[] {1}))
                .hasMessageContaining("1 and 1 values");
        assertThatThrownBy(() -> RankCorrelation.spearman(new double[2], new double[3]))
                .hasMessageContaining("2 and 3 values");
    }
}
