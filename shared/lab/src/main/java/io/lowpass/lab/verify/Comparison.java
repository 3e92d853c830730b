package io.lowpass.lab.verify;

import ai.djl.ndarray.NDArray;
import io.lowpass.lab.quality.TensorError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Collects the errors of one case, and tracks which expected tensors are still missing. */
final class Comparison {

    private final TensorError measure;
    private final double tolerance;
    private final Map<String, NDArray> expected;
    private final Set<String> owed;
    private final Map<String, Double> errors = new LinkedHashMap<>();
    private final StringBuilder mismatches = new StringBuilder();
    private int compared;

    Comparison(TensorError measure, Map<String, NDArray> expected, double tolerance) {
        this.measure = measure;
        this.expected = expected;
        this.tolerance = tolerance;
        this.owed = new TreeSet<>(expected.keySet());
    }

    /** The names of the stored tensors. */
    Set<String> names() {
        return expected.keySet();
    }

    /** The stored tensor. */
    NDArray expected(String name) {
        NDArray tensor = expected.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the case stores no '" + name + "'");
        }
        return tensor;
    }

    /** Compares a tensor, if the reference stores one of that name. */
    void offer(String name, NDArray ours) {
        NDArray reference = expected.get(name);
        if (reference == null) {
            return;
        }
        owed.remove(name);
        compared++;
        double error = measure.of(ours, reference, tolerance);
        if (!ours.getShape().equals(reference.getShape())) {
            differs(name + " has shape " + ours.getShape() + ", expected " + reference.getShape());
        }
        errors.put(name, error);
    }

    /** Compares all tensors of a map. */
    void offerAll(Map<String, NDArray> tensors) {
        tensors.forEach(this::offer);
    }

    /** Compares a number relative to the expected one. */
    void offer(String name, double ours, double reference, double allowed) {
        compared++;
        double error = Math.abs(ours - reference) / Math.max(Math.abs(reference), 1e-12);
        if (error > allowed) {
            differs(name + " is " + ours + ", expected " + reference);
        }
    }

    /** Compares values that must be equal. */
    void offer(String name, Object ours, Object reference) {
        compared++;
        if (!ours.equals(reference)) {
            differs(name + " is " + ours + ", expected " + reference);
        }
    }

    /** Records a difference in what is present. */
    void differs(String what) {
        if (!mismatches.isEmpty()) {
            mismatches.append("; ");
        }
        mismatches.append(what);
    }

    CaseResult result(String name, String component) {
        owed.forEach(tensor -> differs(tensor + " was not computed"));
        if (compared == 0) {
            differs("nothing was compared: the case stores no results");
        }
        Optional<Map.Entry<String, Double>> worst =
                errors.entrySet().stream().max(Map.Entry.comparingByValue(Double::compare));
        boolean close = worst.isEmpty() || worst.get().getValue() <= tolerance;
        boolean passed = close && mismatches.isEmpty();
        return new CaseResult(
                name,
                component,
                passed ? CaseResult.Status.PASSED : CaseResult.Status.FAILED,
                worst.map(Map.Entry::getValue).map(error -> Double.isFinite(error) ? error : Double.MAX_VALUE),
                worst.map(Map.Entry::getKey),
                mismatches.isEmpty() ? Optional.empty() : Optional.of(mismatches.toString()));
    }
}
