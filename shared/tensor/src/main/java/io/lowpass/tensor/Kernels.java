package io.lowpass.tensor;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * TorchScript functions, compiled once and called by name: everything that DJL's {@code NDArray} does not offer.
 *
 * <p>Safe for concurrent calls. A method always runs in inference mode: nothing is recorded for autograd, and its
 * results must not be changed in place outside a kernel.
 */
public final class Kernels implements AutoCloseable {

    private final Model model;
    private final PtSymbolBlock block;
    private final KernelSource source;

    private Kernels(Model model, KernelSource source) {
        this.model = model;
        this.source = source;
        this.block = (PtSymbolBlock) model.getBlock();
    }

    /**
     * Compiles the functions of a resource beside a class, and of those that it imports from.
     *
     * @param resource TorchScript, as {@link KernelSource} describes it
     * @throws IllegalArgumentException if there is no such resource, or an import in it finds nothing
     * @throws EngineException if the source is wrong, with file and line
     */
    public static Kernels compile(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource + " beside " + owner.getName());
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return compile(KernelSource.of(owner.getClassLoader(), resource, text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Compiles functions.
     *
     * @param name what errors call the source
     * @param text as in a resource
     * @throws EngineException if the source is wrong, with name and line
     */
    public static Kernels compile(String name, String text) {
        return compile(KernelSource.of(Kernels.class.getClassLoader(), name, text));
    }

    private static Kernels compile(KernelSource source) {
        Model model = Model.newInstance("kernels", Device.cpu(), "PyTorch");
        try (Opening opening = new Opening()) {
            opening.opened(model::close);
            model.load(new ByteArrayInputStream(TorchScriptArchive.of(source)), Map.of());
            return opening.done(new Kernels(model, source));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (MalformedModelException e) {
            throw new IllegalArgumentException("kernel source was not understood", e);
        } catch (EngineException e) {
            throw located(source, e);
        }
    }

    /**
     * Calls a method that returns one tensor.
     *
     * @param owner the manager that the result belongs to
     * @param arguments of type NDArray, NDArray[], List of NDArray, Integer, Long, Double, Boolean, String or long[];
     *     there is no null: optional parameters come last in the method and are left out
     */
    public NDArray call(NDManager owner, String method, Object... arguments) {
        try (IValue result = run(method, arguments)) {
            return result.toTensor((PtNDManager) owner);
        }
    }

    /** Calls a method that returns a tuple or list of tensors. */
    public List<NDArray> callAll(NDManager owner, String method, Object... arguments) {
        try (IValue result = run(method, arguments)) {
            if (result.isTensorList()) {
                return List.of(result.toTensorArray((PtNDManager) owner));
            }
            IValue[] parts = result.toIValueTuple();
            try {
                return Stream.of(parts)
                        .map(part -> (NDArray) part.toTensor((PtNDManager) owner))
                        .toList();
            } finally {
                close(parts);
            }
        }
    }

    /** Calls a method that returns a tuple of lists of tensors. */
    public List<List<NDArray>> callLists(NDManager owner, String method, Object... arguments) {
        try (IValue result = run(method, arguments)) {
            IValue[] parts = result.toIValueTuple();
            try {
                return Stream.of(parts)
                        .map(part -> List.<NDArray>of(part.toTensorArray((PtNDManager) owner)))
                        .toList();
            } finally {
                close(parts);
            }
        }
    }

    /** Calls a method that returns a float. */
    public double number(String method, Object... arguments) {
        try (IValue result = run(method, arguments)) {
            return result.toDouble();
        }
    }

    /** Calls a method that returns an int. */
    public long integer(String method, Object... arguments) {
        try (IValue result = run(method, arguments)) {
            return result.toLong();
        }
    }

    @Override
    public void close() {
        model.close();
    }

    /** Calls a method that returns what only kernels understand, such as a generator of random numbers. */
    Opaque object(String method, Object... arguments) {
        return new Opaque(run(method, arguments));
    }

    /** A value that kernels take and return, with a state of its own. Not for concurrent calls. */
    static final class Opaque implements AutoCloseable {

        private final IValue value;

        private Opaque(IValue value) {
            this.value = value;
        }

        @Override
        public void close() {
            value.close();
        }
    }

    private IValue run(String method, Object... arguments) {
        IValue[] values = new IValue[arguments.length];
        IValue[] own = new IValue[arguments.length];
        try {
            for (int i = 0; i < values.length; i++) {
                if (arguments[i] instanceof Opaque opaque) {
                    values[i] = opaque.value;
                } else {
                    own[i] = value(arguments[i]);
                    values[i] = own[i];
                }
            }
            return IValueUtils.runMethod(block, method, values);
        } catch (EngineException e) {
            throw located(source, e);
        } finally {
            close(own);
        }
    }

    private static EngineException located(KernelSource source, EngineException e) {
        String message = String.valueOf(e.getMessage());
        String located = source.located(message, TorchScriptArchive.HEADER_LINES);
        return located.equals(message) ? e : new EngineException(located, e);
    }

    private static IValue value(Object argument) {
        if (argument instanceof PtNDArray array) {
            return IValue.from(array);
        } else if (argument instanceof Number number) {
            return number(number);
        } else if (argument instanceof Boolean flag) {
            return IValue.from(flag.booleanValue());
        } else if (argument instanceof String text) {
            return IValue.from(text);
        } else if (argument instanceof long[] numbers) {
            return IValue.listFrom(numbers);
        } else if (argument instanceof NDArray[] arrays) {
            return IValue.listFrom(Stream.of(arrays).toArray(PtNDArray[]::new));
        } else if (argument instanceof List<?> arrays) {
            return IValue.listFrom(arrays.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
        }
        throw new IllegalArgumentException(
                "a kernel takes no " + argument.getClass().getName());
    }

    private static IValue number(Number number) {
        return number instanceof Double || number instanceof Float
                ? IValue.from(number.doubleValue())
                : IValue.from(number.longValue());
    }

    @SuppressWarnings("NullAway") // the tail stays empty when an argument was refused
    private static void close(IValue[] values) {
        for (IValue value : values) {
            if (value != null) {
                value.close();
            }
        }
    }
}
