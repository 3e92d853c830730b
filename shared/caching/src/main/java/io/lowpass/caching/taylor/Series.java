package io.lowpass.caching.taylor;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.Features;
import java.util.ArrayList;
import java.util.List;

/** One output over the computed steps, and its continuation. */
final class Series {

    private final NDManager memory;
    private final int order;
    private final TaylorSeer.Form form;
    private List<Features> terms = List.of();
    private final List<Integer> steps = new ArrayList<>();

    Series(NDManager memory, int order, TaylorSeer.Form form) {
        this.memory = memory;
        this.order = order;
        this.form = form;
    }

    /** Adds the output of a computed step. */
    Features update(int step, Features output) {
        List<Features> next = new ArrayList<>(List.of(output));
        for (int i = 0; i < Math.min(order, terms.size()); i++) {
            next.add(form == TaylorSeer.Form.NEWTON ? terms.get(i) : slope(step, next.get(i), terms.get(i)));
        }
        keep(step, next);
        return output;
    }

    private Features slope(int step, Features now, Features before) {
        return now.minus(before).times(1.0 / (step - steps.get(0)));
    }

    private void keep(int step, List<Features> next) {
        int carried = form == TaylorSeer.Form.NEWTON ? next.size() - 1 : 0;
        terms.subList(carried, terms.size()).forEach(Features::free);
        next.forEach(term -> term.keptBy(memory));
        terms = next;
        steps.add(0, step);
        if (steps.size() > order + 1) {
            steps.remove(order + 1);
        }
    }

    /** The output at a step that is not computed. */
    Features at(int step) {
        Features sum = terms.get(0).times(weight(step, 0));
        for (int i = 1; i < terms.size(); i++) {
            sum = sum.plus(terms.get(i).times(weight(step, i)));
        }
        return sum;
    }

    private double weight(int step, int term) {
        return form == TaylorSeer.Form.NEWTON ? lagrange(step, term) : power(step - steps.get(0), term);
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
    private double lagrange(int step, int term) {
        double weight = 1;
        for (int other = 0; other < terms.size(); other++) {
            if (other != term) {
                weight *= (double) (step - steps.get(other)) / (steps.get(term) - steps.get(other));
            }
        }
        return weight;
    }
}
