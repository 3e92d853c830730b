package io.lowpass.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The weights of one component while it is being built: hands them out by name, in a precision, on a device, and knows
 * at the end whether the model took all of them.
 *
 * <p>Closed when the model has taken what it needs; the arrays that were handed out belong to the model's manager and
 * stay.
 */
public final class Weights implements AutoCloseable {

    private final Safetensors file;
    private final Architecture architecture;
    private final NDManager owner;
    private final Precision precision;
    private final Set<String> taken = new LinkedHashSet<>();

    private Weights(Safetensors file, Architecture architecture, NDManager owner, Precision precision) {
        this.file = file;
        this.architecture = architecture;
        this.owner = owner;
        this.precision = precision;
    }

    /**
     * Opens a component folder and matches it with an architecture.
     *
     * @param folder component folder, or one file
     * @param owner the manager that the weights will belong to; its device is where they go
     * @param precision what {@link #take(String)} converts to
     * @throws IllegalArgumentException if files are malformed, or parameters are missing, unexpected or misshapen
     */
    public static Weights open(Path folder, Architecture architecture, NDManager owner, Precision precision) {
        Safetensors file = Safetensors.open(folder);
        try {
            file.names().stream().filter(architecture::has).forEach(file::requireFloating);
            architecture.requireMatch(file.shapes());
        } catch (IllegalArgumentException e) {
            file.close();
            String problem = String.valueOf(e.getMessage());
            String where = problem.startsWith(folder.toString()) ? "" : folder + ": ";
            throw new IllegalArgumentException(where + problem, e);
        }
        return new Weights(file, architecture, owner, precision);
    }

    /**
     * Builds a model from the weights of a component folder, and closes them.
     *
     * @param folder component folder, or one file
     * @param device where the weights go
     * @param precision what {@link #take(String)} converts to
     * @param model takes the weights, and closes {@link #owner()} when it is closed itself
     * @throws IllegalArgumentException as {@link #open}, or from {@code model}; whatever is thrown, nothing stays open
     */
    public static <T> T load(
            Path folder, Architecture architecture, Device device, Precision precision, Function<Weights, T> model) {
        NDManager owner = NDManager.newBaseManager(device, "PyTorch");
        try (Opening opening = new Opening()) {
            opening.opened(owner::close);
            try (Weights weights = open(folder, architecture, owner, precision)) {
                return opening.done(model.apply(weights));
            }
        }
    }

    /** The manager that parameters belong to. */
    public NDManager owner() {
        return owner;
    }

    /** What errors call the model. */
    public String component() {
        return architecture.component();
    }

    /** What {@link #take(String)} converts to. */
    public Precision precision() {
        return precision;
    }

    /** A parameter in the precision of the model. */
    public NDArray take(String name) {
        return take(name, precision);
    }

    /** A parameter in the precision in which it is stored, for tables of which only few rows are read. */
    public NDArray takeStored(String name) {
        return take(name, file.precision(architecture.storedName(name, file.names())));
    }

    /**
     * A parameter in a precision of its own: the mapped memory itself where that is how it is stored and where it is
     * needed.
     *
     * @throws IllegalArgumentException if the architecture has no such parameter, or it holds no floating-point numbers
     */
    public NDArray take(String name, Precision other) {
        NDArray array = file.get(owner, stored(name), other);
        taken.add(name);
        return Arrays.keep(array, owner);
    }

    /**
     * Whether a parameter in a precision is the mapped memory itself, so that nothing is gained by changing its layout.
     *
     * @throws IllegalArgumentException if the architecture has no such parameter
     */
    public boolean isMapped(String name, Precision other) {
        return file.isMapped(owner, stored(name), other);
    }

    /** Parameters of equal width, one below the other, in one array. Always a copy. */
    public NDArray takeStacked(List<String> names, Precision other) {
        try (NDManager parts = owner.newSubManager()) {
            taken.addAll(names);
            NDArray[] rows = names.stream()
                    .map(name -> file.get(parts, stored(name), other))
                    .toArray(NDArray[]::new);
            return Arrays.keep(TensorKernels.COMPILED.call(owner, "stack_rows", (Object) rows), owner);
        }
    }

    /** What stands for a parameter that a configuration leaves out: the same value everywhere, shape (width). */
    public NDArray constant(double value, long width, Precision other) {
        String device = Devices.torchName(owner.getDevice());
        return Arrays.keep(TensorKernels.COMPILED.call(owner, "constant", width, value, device, other.torch()), owner);
    }

    /**
     * Makes sure that no parameter was left unused.
     *
     * @throws IllegalStateException if one was, naming all
     */
    public void requireAllTaken() {
        Set<String> left = new TreeSet<>(architecture.parameters().keySet());
        left.removeAll(taken);
        if (!left.isEmpty()) {
            throw new IllegalStateException(architecture.component() + " did not use " + left);
        }
    }

    private String stored(String name) {
        if (!architecture.parameters().containsKey(name)) {
            throw new IllegalArgumentException(architecture.component() + " has no parameter '" + name + "'");
        }
        return architecture.storedName(name, file.names());
    }

    @Override
    public void close() {
        file.close();
    }
}
