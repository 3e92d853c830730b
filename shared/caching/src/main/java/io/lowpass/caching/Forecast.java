package io.lowpass.caching;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.blocks.Features;
import java.util.ArrayList;
import java.util.List;

/** Forecasts an output from the positions at which it was computed. */
public final class Forecast {

    /** The kind of forecast. */
    public enum Form {
        /** TaylorSeer's series of finite differences: exact for straight lines only. */
        TAYLOR,
        /**
         * The interpolating polynomial through the last outputs: exact for polynomials of its order, at any spacing.
         */
        NEWTON
    }

    private final NDManager memory;
    private final int order;
    private final Form form;
    private List<Features> terms = List.of();
    private final List<Double> positions = new ArrayList<>();

    /**
     * Starts without outputs.
     *
     * @param memory owner of the kept arrays
     * @param order order of the forecast; 0 repeats the last output
     */
    public Forecast(NDManager memory, int order, Form form) {
        this.memory = memory;
        this.order = order;
        this.form = form;
    }

    /**
     * Adds a computed output, and returns it.
     *
     * @param position its step or noise level, different from earlier ones
     */
    public Features update(double position, Features output) {
        List<Features> next = new ArrayList<>(List.of(output));
        for (int i = 0; i < Math.min(order, terms.size()); i++) {
            next.add(form == Form.NEWTON ? terms.get(i) : slope(position, next.get(i), terms.get(i)));
        }
        keep(position, next);
        return output;
    }

    private Features slope(double position, Features now, Features before) {
        return now.minus(before).times(1.0 / (position - positions.get(0)));
    }

    private void keep(double position, List<Features> next) {
        int carried = form == Form.NEWTON ? next.size() - 1 : 0;
        terms.subList(carried, terms.size()).forEach(Features::free);
        next.forEach(term -> term.keptBy(memory));
        terms = next;
        positions.add(0, position);
        if (positions.size() > order + 1) {
            positions.remove(order + 1);
        }
    }

    /** Forecasts the output at another position. */
    public Features at(double position) {
        if (terms.size() == 1) {
            return terms.get(0);
        }
        Features sum = terms.get(0).times(weight(position, 0));
        for (int i = 1; i < terms.size(); i++) {
            Features term = terms.get(i).times(weight(position, i));
            Features longer = sum.plus(term);
            sum.free();
            term.free();
            sum = longer;
        }
        return sum;
    }

    private double weight(double position, int term) {
        return form == Form.NEWTON ? lagrange(position, term) : power(position - positions.get(0), term);
    }

    /** The factor x^k / k! of a term of the series. */
    private static double power(double ahead, int k) {
        double weight = 1;
        for (int i = 1; i <= k; i++) {
            weight *= ahead / i;
        }
        return weight;
    }

    /** The weight of one output in the polynomial through all that are kept. */
    private double lagrange(double position, int term) {
        double weight = 1;
        for (int other = 0; other < terms.size(); other++) {
            if (other != term) {
                weight *= (position - positions.get(other)) / (positions.get(term) - positions.get(other));
            }
        }
        return weight;
    }
}
