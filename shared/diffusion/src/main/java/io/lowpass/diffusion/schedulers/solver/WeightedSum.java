package io.lowpass.diffusion.schedulers.solver;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A sum of arrays, each times a number. */
public final class WeightedSum {

    private record Term(double weight, NDArray array) {}

    private final List<Term> terms = new ArrayList<>();

    /** Adds a term; a weight of 0 leaves the array out, whatever is in it. */
    public WeightedSum plus(double weight, NDArray array) {
        if (weight != 0) {
            terms.add(new Term(weight, array));
        }
        return this;
    }

    public NDArray sum() {
        Optional<NDArray> sum =
                terms.stream().map(term -> term.array().mul(term.weight())).reduce(NDArray::add);
        return sum.orElseThrow(() -> new IllegalStateException("nothing to add up"));
    }
}
