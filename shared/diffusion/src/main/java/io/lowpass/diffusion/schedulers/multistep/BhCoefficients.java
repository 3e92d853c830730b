package io.lowpass.diffusion.schedulers.multistep;

import java.util.Arrays;

/** The coefficients rho of UniPC: the solution of the order conditions R rho = b. */
final class BhCoefficients {

    private BhCoefficients() {}

    /**
     * Solves the order conditions.
     *
     * @param h step size in -lambda
     * @param ratios distance of each difference in units of the step, the last one 1
     * @param corrector whether the last difference is included
     * @return one coefficient per difference
     */
    static double[] of(UniPC.Solver solver, double h, double[] ratios, boolean corrector) {
        int size = corrector ? ratios.length : ratios.length - 1;
        // At the lowest order the reference uses a fixed value.
        if (size == 1) {
            return new double[] {0.5};
        }
        double[][] system = new double[size][size + 1];
        double base = solver == UniPC.Solver.BH1 ? h : Math.expm1(h);
        double phi = Math.expm1(h) / h - 1;
        double factorial = 1;
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                system[row][column] = Math.pow(ratios[column], row);
            }
            system[row][size] = phi * factorial / base;
            factorial *= row + 2;
            phi = phi / h - 1 / factorial;
        }
        return solve(system);
    }

    /** Gaussian elimination with pivoting; the last column is the right-hand side. */
    private static double[] solve(double[][] system) {
        int size = system.length;
        for (int column = 0; column < size; column++) {
            pivot(system, column);
            for (int row = 0; row < size; row++) {
                if (row != column) {
                    eliminate(system[row], system[column], column);
                }
            }
        }
        double[] solution = new double[size];
        Arrays.setAll(solution, i -> system[i][size] / system[i][i]);
        return solution;
    }

    private static void pivot(double[][] system, int column) {
        int best = column;
        for (int row = column + 1; row < system.length; row++) {
            if (Math.abs(system[row][column]) > Math.abs(system[best][column])) {
                best = row;
            }
        }
        double[] swapped = system[column];
        system[column] = system[best];
        system[best] = swapped;
    }

    private static void eliminate(double[] row, double[] by, int column) {
        double factor = row[column] / by[column];
        for (int i = column; i < row.length; i++) {
            row[i] -= factor * by[i];
        }
    }
}
