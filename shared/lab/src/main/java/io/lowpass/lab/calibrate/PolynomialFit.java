package io.lowpass.lab.calibrate;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.exception.MathIllegalArgumentException;
import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;

/**
 * A polynomial fitted by least squares.
 *
 * @param coefficients highest power first
 * @param r2 share of the variance that it explains: 1 for points on a polynomial, 0 if it is no better than their mean
 * @param rmse root mean square of the residuals
 * @param points number of points
 */
record PolynomialFit(List<Double> coefficients, double r2, double rmse, int points) {

    /** A column of powers that keeps less than this beside the others counts as linearly dependent. */
    private static final double INDEPENDENT = 1e-9;

    /**
     * Fits.
     *
     * @throws IllegalArgumentException if there are fewer different abscissae than coefficients
     */
    static PolynomialFit of(double[] xs, double[] ys, int degree) {
        // Not PolynomialCurveFitter, which also finds a quartic through points at two places and refuses nothing.
        // Scaled
        // to 1 at most, for powers of small abscissae would count as dependent.
        double scale = DoubleStream.of(xs).map(Math::abs).max().orElse(0);
        double[][] powers = DoubleStream.of(xs)
                .mapToObj(x -> powers(scale == 0 ? 0 : x / scale, degree))
                .toArray(double[][]::new);
        OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression(INDEPENDENT);
        try {
            regression.newSampleData(ys, powers);
            double[] scaled = regression.estimateRegressionParameters();
            List<Double> coefficients = new ArrayList<>();
            for (int power = degree; power >= 0; power--) {
                coefficients.add(scaled[power] / Math.pow(scale, power));
            }
            return new PolynomialFit(
                    List.copyOf(coefficients),
                    regression.calculateTotalSumOfSquares() == 0 ? 1 : regression.calculateRSquared(),
                    Math.sqrt(regression.calculateResidualSumOfSquares() / xs.length),
                    xs.length);
        } catch (MathIllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "a polynomial of degree " + degree + " needs " + (degree + 1) + " different abscissae", e);
        }
    }

    /** The value of the polynomial. */
    double at(double x) {
        double sum = 0;
        for (double coefficient : coefficients) {
            sum = sum * x + coefficient;
        }
        return sum;
    }

    /** The powers from 1 on; the regression adds the constant itself. */
    private static double[] powers(double x, int degree) {
        double[] powers = new double[degree];
        for (int power = 1; power <= degree; power++) {
            powers[power - 1] = Math.pow(x, power);
        }
        return powers;
    }
}
