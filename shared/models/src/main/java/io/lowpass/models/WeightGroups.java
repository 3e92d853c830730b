package io.lowpass.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Takes the parameters of a model in the groups that kernels want.
 *
 * @param weights where they come from
 * @param matrices precision of matrices, which is that of the model
 * @param vectors precision of biases, which is that of the model's arithmetic
 */
public record WeightGroups(Weights weights, Precision matrices, Precision vectors) {

    /** Groups of weights, each in the precision that the device computes in. */
    public static WeightGroups of(Weights weights) {
        Precision matrices = weights.precision();
        return new WeightGroups(
                weights, matrices, matrices.arithmeticOn(weights.owner().getDevice()));
    }

    /** Groups one after another. */
    @SafeVarargs
    public static List<NDArray> joined(List<NDArray>... groups) {
        List<NDArray> all = new ArrayList<>();
        for (List<NDArray> group : groups) {
            all.addAll(group);
        }
        return List.copyOf(all);
    }

    /** Weight and bias of each projection. */
    public List<NDArray> linears(String... names) {
        return each(this::linear, names);
    }

    /** Weight and bias of a projection. */
    public List<NDArray> linear(String name) {
        return linear(name, true);
    }

    /**
     * Weight and bias of a projection.
     *
     * @param biased false: it has no bias, for which zeros stand
     */
    public List<NDArray> linear(String name, boolean biased) {
        NDArray weight = weights.take(name + ".weight", matrices);
        NDArray bias = biased
                ? vector(name + ".bias")
                : weights.constant(0, weight.getShape().get(0), vectors);
        return List.of(weight, bias);
    }

    /** Weight and bias of norms or of small projections, in f32 whatever the precision. */
    public List<NDArray> f32(String... names) {
        return each(
                name -> List.of(
                        weights.take(name + ".weight", Precision.F32), weights.take(name + ".bias", Precision.F32)),
                names);
    }

    /** A parameter in the precision of the arithmetic. */
    public NDArray vector(String name) {
        return weights.take(name, vectors);
    }

    /** What stands for a parameter that there is not, shape (0). */
    public NDArray none() {
        return weights.owner().create(new Shape(0));
    }

    /**
     * The projections to queries, keys and values: one weight and bias, or three of each. One matrix is faster, but
     * mapped weights are not copied for that.
     *
     * @param attention what the names of the three start with
     * @param biased false: they have no bias, for which zeros stand
     */
    public List<NDArray> queriesKeysValues(String attention, boolean biased) {
        List<String> names =
                Stream.of("to_q", "to_k", "to_v").map(name -> attention + name).toList();
        if (weights.isMapped(names.get(0) + ".weight", matrices)) {
            return names.stream().flatMap(name -> linear(name, biased).stream()).toList();
        }
        NDArray weight = weights.takeStacked(suffixed(names, ".weight"), matrices);
        NDArray bias = biased
                ? weights.takeStacked(suffixed(names, ".bias"), vectors)
                : weights.constant(0, weight.getShape().get(0), vectors);
        return List.of(weight, bias);
    }

    private static List<NDArray> each(Function<String, List<NDArray>> group, String... names) {
        return Stream.of(names).flatMap(name -> group.apply(name).stream()).toList();
    }

    private static List<String> suffixed(List<String> names, String suffix) {
        return names.stream().map(name -> name + suffix).toList();
    }
}
