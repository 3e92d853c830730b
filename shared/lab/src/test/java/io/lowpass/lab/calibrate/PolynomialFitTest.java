package io.lowpass.lab.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolynomialFitTest {

    @Test
    void pointsOnAQuarticGiveItBackHoweverSmallTheAbscissae() {
        // Given: TeaCache's published polynomial of Wan 1.3B, at changes as small as they are there
        double[] xs = IntStream.range(0, 40).mapToDouble(i -> 0.01 + 0.004 * i).toArray();
        double[] ys = DoubleStream.of(xs)
                .map(x -> (((2396.76752 * x - 1311.10545) * x + 201.331979) * x - 8.29855975) * x + 0.137887774)
                .toArray();

        // When
        PolynomialFit fit = PolynomialFit.of(xs, ys, 4);

        // Then
        double[] published = {2396.76752, -1311.10545, 201.331979, -8.29855975, 0.137887774};
        for (int i = 0; i < published.length; i++) {
            assertThat(fit.coefficients().get(i)).isCloseTo(published[i], within(1e-6 * Math.abs(published[i])));
        }
        assertThat(fit.r2()).isCloseTo(1, within(1e-12));
        assertThat(fit.points()).isEqualTo(40);
        assertThat(fit.at(0.05)).isCloseTo(0.0772, within(1e-3));
    }

    @Test
    void theLineThroughScatteredPointsIsTheOneOfLeastSquares() {
        // Given: the textbook's line through (0, 1), (1, 3), (2, 2) is 1.5 + 0.5 x, which leaves -0.5, 1, -0.5
        PolynomialFit fit = PolynomialFit.of(new double[] {0, 1, 2}, new double[] {1, 3, 2}, 1);

        // When Then
        assertThat(fit.coefficients().get(0)).isCloseTo(0.5, within(1e-12));
        assertThat(fit.coefficients().get(1)).isCloseTo(1.5, within(1e-12));
        assertThat(fit.rmse()).isCloseTo(Math.sqrt(0.5), within(1e-12));
        assertThat(fit.r2()).isCloseTo(0.25, within(1e-12));
    }

    @Test
    void fewerPlacesThanCoefficientsAreRefused() {
        // Given
        double[] xs = {0.1, 0.2, 0.1, 0.2, 0.1, 0.2};
        double[] still = new double[6];

        // When Then
        assertThatThrownBy(() -> PolynomialFit.of(xs, xs, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("degree 4 needs 5 different abscissae");
        assertThatThrownBy(() -> PolynomialFit.of(still, xs, 4)).hasMessageContaining("different abscissae");
    }
}
