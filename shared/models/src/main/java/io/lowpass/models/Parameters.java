package io.lowpass.models;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a layout says a parameter once: name, shape, precision and place in the list that a kernel takes.
 *
 * <p>A layout is walked twice. To {@linkplain #declare declare}, names and shapes go into an {@link Architecture}, and
 * all lists are empty. To {@linkplain #take take}, the lists hold the arrays.
 *
 * <pre>{@code
 * List<NDArray> feedForward = parameters.at("blocks.0.ffn.")
 *         .linear("net.0.proj", width, inner)
 *         .linear("net.2", inner, width)
 *         .arrays();
 * }</pre>
 */
public final class Parameters {

    private final Architecture architecture;
    private final @Nullable Weights weights;
    private final String prefix;
    private final List<NDArray> arrays = new ArrayList<>();

    private Parameters(Architecture architecture, @Nullable Weights weights, String prefix) {
        this.architecture = architecture;
        this.weights = weights;
        this.prefix = prefix;
    }

    /**
     * Name and shape of every parameter of a layout.
     *
     * @param component what errors call the model
     */
    public static Architecture declare(String component, Consumer<Parameters> layout) {
        Architecture architecture = new Architecture(component);
        layout.accept(new Parameters(architecture, null, ""));
        return architecture;
    }

    /** The arrays of a layout that takes only a part of what a model declares. */
    public static <L> L takePart(Weights weights, Function<Parameters, L> layout) {
        return layout.apply(new Parameters(new Architecture(weights.component()), weights, ""));
    }

    /**
     * The arrays of a layout.
     *
     * @throws IllegalStateException if parameters that the layout declares are left
     */
    public static <L> L take(Weights weights, Function<Parameters, L> layout) {
        L taken = takePart(weights, layout);
        weights.requireAllTaken();
        return taken;
    }

    /** What the names of a number of blocks' parameters start with. */
    public static List<String> numbered(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + i + ".").toList();
    }

    /** A new group, whose names start with a prefix behind that of this one. */
    public Parameters at(String further) {
        return new Parameters(architecture, weights, prefix + further);
    }

    /** A new group with the same prefix. */
    public Parameters group() {
        return at("");
    }

    /** What the group has, in the order in which it was said; nothing while it is declared. */
    public List<NDArray> arrays() {
        return List.copyOf(arrays);
    }

    /** A matrix, in the precision of the model. */
    public Parameters matrix(String name, long... shape) {
        return one(name, taken -> taken.take(prefix + name, taken.precision()), shape);
    }

    /** A matrix that is laid out anew; what is stored is given up. */
    public Parameters laidOut(UnaryOperator<NDArray> layout, String name, long... shape) {
        return one(
                name,
                taken -> {
                    try (NDArray stored = taken.take(prefix + name)) {
                        return layout.apply(stored);
                    }
                },
                shape);
    }

    /** A bias or the like, in the precision of the model's arithmetic. */
    public Parameters vector(String name, long... shape) {
        return one(name, taken -> taken.take(prefix + name, vectors(taken)), shape);
    }

    /** A parameter that is f32 whatever the precision of the model. */
    public Parameters f32(String name, long... shape) {
        return one(name, taken -> taken.take(prefix + name, Precision.F32), shape);
    }

    /** A table of which only few rows are read: as it is stored. */
    public Parameters stored(String name, long... shape) {
        return one(name, taken -> taken.takeStored(prefix + name), shape);
    }

    /** Weight, shape (out, in), and bias of a projection. */
    public Parameters linear(String name, long in, long out) {
        return matrix(name + ".weight", out, in).vector(name + ".bias", out);
    }

    /** The same, with zeros for a bias that it does not have. */
    public Parameters linear(String name, long in, long out, boolean biased) {
        return biased
                ? linear(name, in, out)
                : matrix(name + ".weight", out, in).zeros(out);
    }

    /** Weight and bias of several projections from and to the same width. */
    public Parameters projections(long width, String... names) {
        Stream.of(names).forEach(name -> linear(name, width, width));
        return this;
    }

    /** Weight and bias of a projection that is f32 whatever the precision of the model. */
    public Parameters linearF32(String name, long in, long out) {
        return f32(name + ".weight", out, in).f32(name + ".bias", out);
    }

    /** Weight and bias of a norm, f32. */
    public Parameters norm(String name, long width) {
        return f32(name + ".weight", width).f32(name + ".bias", width);
    }

    /** The same, with the ones and zeros of a norm that has neither. */
    public Parameters norm(String name, long width, boolean affine) {
        return affine
                ? norm(name, width)
                : instead(taken -> taken.constant(1, width, Precision.F32))
                        .instead(taken -> taken.constant(0, width, Precision.F32));
    }

    /** The convolution that embeds patches. */
    public Parameters patches(long in, long width, List<Integer> patch) {
        return matrix("weight", width, in, patch.get(0), patch.get(1), patch.get(2))
                .vector("bias", width);
    }

    /** What embeds a number: two layers, f32. */
    public Parameters embedder(String first, String second, long in, long width) {
        return linearF32(first, in, width).linearF32(second, width, width);
    }

    /**
     * The projections {@code to_q}, {@code to_k} and {@code to_v}: one weight and bias, or three of each. One matrix is
     * faster, but mapped weights are not copied for that.
     *
     * @param biased false: they have no bias, for which zeros stand
     */
    public Parameters queriesKeysValues(long width, boolean biased) {
        List<String> names = List.of("to_q", "to_k", "to_v");
        Weights taken = weights;
        if (taken == null || taken.isMapped(prefix + "to_q.weight", taken.precision())) {
            names.forEach(name -> linear(name, width, width, biased));
        } else {
            Stream<String> matrices = names.stream().map(name -> prefix + name + ".weight");
            arrays.add(taken.takeStacked(matrices.toList(), taken.precision()));
            Stream<String> biases = names.stream().map(name -> prefix + name + ".bias");
            arrays.add(
                    biased
                            ? taken.takeStacked(biases.toList(), vectors(taken))
                            : taken.constant(0, 3 * width, vectors(taken)));
        }
        return this;
    }

    /** A parameter of each of several prefixes, one below the other, f32. */
    public Parameters stacked(List<String> prefixes, String name, long... shape) {
        Weights taken = weights;
        List<String> names = prefixes.stream().map(each -> prefix + each + name).toList();
        if (taken == null) {
            names.forEach(each -> architecture.parameter(each, shape));
        } else {
            arrays.add(taken.takeStacked(names, Precision.F32));
        }
        return this;
    }

    /** Zeros in the place of a bias. */
    public Parameters zeros(long width) {
        return instead(taken -> taken.constant(0, width, vectors(taken)));
    }

    /** Arrays of another group, or made of it. */
    public Parameters also(List<NDArray> others) {
        arrays.addAll(others);
        return this;
    }

    /** An empty array for a parameter that there is not, or the parameter, f32. */
    public Parameters optionalF32(String name, long width, boolean present) {
        return present ? f32(name, width) : empty();
    }

    /** Weight and bias of a projection, with an empty array for a bias that it does not have. */
    public Parameters optionalBias(String name, long in, long out, boolean biased) {
        return biased
                ? linear(name, in, out)
                : matrix(name + ".weight", out, in).empty();
    }

    /** A tensor that files may hold though the model has no use for it. */
    public Parameters ignored(String name) {
        architecture.ignored(prefix + name);
        return this;
    }

    /** A parameter that files hold and others read: it counts as taken. */
    public Parameters elsewhere(String name, long... shape) {
        Parameters other = group().stored(name, shape);
        other.arrays.forEach(NDArray::close);
        return this;
    }

    private Parameters one(String name, Function<Weights, NDArray> array, long... shape) {
        architecture.parameter(prefix + name, shape);
        return instead(array);
    }

    private Parameters empty() {
        return instead(taken -> taken.owner().create(new Shape(0)));
    }

    private Parameters instead(Function<Weights, NDArray> array) {
        if (weights != null) {
            arrays.add(array.apply(weights));
        }
        return this;
    }

    private static Precision vectors(Weights taken) {
        return taken.precision().arithmeticOn(taken.owner().getDevice());
    }
}
