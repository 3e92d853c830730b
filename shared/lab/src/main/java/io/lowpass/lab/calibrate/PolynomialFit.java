package io.lowpass.lab.calibrate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A polynomial fitted by least squares.
 *
 * @param coefficients highest power first
 * @param r2 share of the variance that it explains: 1 for points on a polynomial, 0 if it is no better than their mean
 * @param rmse root mean square of the residuals
 * @param points number of points
 */
record PolynomialFit(List<Double> coefficients, double r2, double rmse, int points) {

    /** Below this share of its norm, a column counts as linearly dependent. */
    private static final double INDEPENDENT = 1e-9;

    /**
     * Fits.
     *
     * @throws IllegalArgumentException if there are fewer different abscissae than coefficients
     */
    static PolynomialFit of(double[] xs, double[] ys, int degree) {
        double scale = 0;
        for (double x : xs) {
            scale = Math.max(scale, Math.abs(x));
        }
        double[][] basis = new double[degree + 1][xs.length];
        for (int i = 0; i < xs.length; i++) {
            for (int power = 0; power <= degree; power++) {
                basis[power][i] = Math.pow(scale == 0 ? 0 : xs[i] / scale, power);
            }
        }
        double[] scaled = solve(basis, ys);
        List<Double> coefficients = new ArrayList<>();
        for (int power = 0; power <= degree; power++) {
            coefficients.add(scaled[power] / Math.pow(scale, power));
        }
        Collections.reverse(coefficients);
        return withQuality(coefficients, xs, ys);
    }

    /** The value of the polynomial. */
    double at(double x) {
        return value(coefficients, x);
    }

    private static PolynomialFit withQuality(List<Double> coefficients, double[] xs, double[] ys) {
        double mean = 0;
        for (double y : ys) {
            mean += y / ys.length;
        }
        double left = 0;
        double all = 0;
        for (int i = 0; i < xs.length; i++) {
            double error = ys[i] - value(coefficients, xs[i]);
            left += error * error;
            all += (ys[i] - mean) * (ys[i] - mean);
        }
        double r2 = all == 0 ? 1 : 1 - left / all;
        return new PolynomialFit(List.copyOf(coefficients), r2, Math.sqrt(left / xs.length), xs.length);
    }

    private static double value(List<Double> coefficients, double x) {
        double sum = 0;
        for (double coefficient : coefficients) {
            sum = sum * x + coefficient;
        }
        return sum;
    }

    /** Least squares by modified Gram-Schmidt, the right-hand side carried along as a further column. */
    private static double[] solve(double[][] columns, double[] ys) {
        int n = columns.length;
        double[][] triangle = new double[n][n + 1];
        double[] rest = ys.clone();
        for (int i = 0; i < n; i++) {
            double before = Math.sqrt(dot(columns[i], columns[i]));
            for (int j = 0; j < i; j++) {
                triangle[j][i] = project(columns[j], columns[i]);
            }
            double length = Math.sqrt(dot(columns[i], columns[i]));
            if (!(length > INDEPENDENT * before)) {
                throw new IllegalArgumentException(
                        "a polynomial of degree " + (n - 1) + " needs " + n + " different abscissae");
            }
            for (int k = 0; k < rest.length; k++) {
                columns[i][k] /= length;
            }
            triangle[i][i] = length;
            triangle[i][n] = project(columns[i], rest);
        }
        return backSubstituted(triangle);
    }

    /** Removes from a column its projection on a unit column, and returns the factor. */
    private static double project(double[] unit, double[] column) {
        double share = dot(unit, column);
        for (int k = 0; k < column.length; k++) {
            column[k] -= share * unit[k];
        }
        return share;
    }

    private static double[] backSubstituted(double[][] triangle) {
        int n = triangle.length;
        double[] solution = new double[n];
        for (int i = n - 1; i >= 0; i--) {
            double sum = triangle[i][n];
            for (int j = i + 1; j < n; j++) {
                sum -= triangle[i][j] * solution[j];
            }
            solution[i] = sum / triangle[i][i];
        }
        return solution;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
