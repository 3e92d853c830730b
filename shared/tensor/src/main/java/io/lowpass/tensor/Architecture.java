package io.lowpass.tensor;

import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of a model by name and shape, derived from its configuration: files must contain exactly these. Needs
 * no data, so a list of names and shapes can be matched as well as a file.
 */
public final class Architecture {

    private final String component;
    private final Map<String, Shape> parameters = new LinkedHashMap<>();
    private final Map<String, String> ties = new LinkedHashMap<>();
    private final Set<String> ignored = new LinkedHashSet<>();

    /**
     * Starts with no parameters.
     *
     * @param component name of the component in error messages: {@code transformer}, {@code text_encoder}, ...
     */
    public Architecture(String component) {
        this.component = component;
    }

    /** Name of the component in error messages. */
    public String component() {
        return component;
    }

    /**
     * Adds a parameter.
     *
     * @throws IllegalArgumentException if there is one of that name
     */
    public Architecture parameter(String name, long... shape) {
        if (parameters.putIfAbsent(name, new Shape(shape)) != null) {
            throw new IllegalArgumentException(component + " lists the parameter '" + name + "' twice");
        }
        return this;
    }

    /** Adds {@code name.weight} of shape (out, in) and {@code name.bias} of shape (out). */
    public Architecture linear(String name, long in, long out) {
        return parameter(name + ".weight", out, in).parameter(name + ".bias", out);
    }

    /** Adds {@code name.weight} and {@code name.bias}, both of shape (width). */
    public Architecture affine(String name, long width) {
        return parameter(name + ".weight", width).parameter(name + ".bias", width);
    }

    /**
     * Adds a second name under which files may store a parameter, instead of its own name or in addition.
     *
     * @param name name of an added parameter
     */
    public Architecture alias(String name, String other) {
        if (!parameters.containsKey(name)) {
            throw new IllegalArgumentException(
                    component + " has no parameter '" + name + "' to tie '" + other + "' to");
        }
        ties.put(other, name);
        return this;
    }

    /** Names a tensor that files may contain although the model does not use it. */
    public Architecture ignored(String name) {
        ignored.add(name);
        return this;
    }

    /** Name and shape of every parameter. */
    public Map<String, Shape> parameters() {
        return new LinkedHashMap<>(parameters);
    }

    /** Number of values in all parameters. */
    public long size() {
        return parameters.values().stream().mapToLong(Shape::size).sum();
    }

    /**
     * Checks every name: missing, unexpected and misshapen ones are counted and reported in one error, with the first
     * of each.
     *
     * @param found names and shapes in the files
     * @throws IllegalArgumentException if they differ, with component, names and shapes
     */
    public void requireMatch(Map<String, Shape> found) {
        ArchitectureMismatch mismatch = new ArchitectureMismatch();
        parameters.forEach((name, shape) -> {
            if (!found.containsKey(storedName(name, found.keySet()))) {
                mismatch.missing(name, shape);
            }
        });
        found.forEach((name, shape) -> {
            Shape expected = parameters.get(ties.getOrDefault(name, name));
            if (expected == null) {
                if (!ignored.contains(name)) {
                    mismatch.unexpected(name, shape);
                }
            } else if (!expected.equals(shape)) {
                mismatch.misshapen(name, shape, expected);
            }
        });
        mismatch.requireNone(component);
    }

    /** Whether the name in a file belongs to a parameter. */
    boolean has(String name) {
        return parameters.containsKey(ties.getOrDefault(name, name));
    }

    /** The name under which {@code names} contains a parameter: its own, or the first alias that is present. */
    String storedName(String name, Set<String> names) {
        if (names.contains(name)) {
            return name;
        }
        return ties.entrySet().stream()
                .filter(tie -> tie.getValue().equals(name) && names.contains(tie.getKey()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(name);
    }
}
