package io.lowpass.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.SafetensorsHeader.Entry;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tensors of a diffusers or transformers component folder, memory-mapped: no byte passes through the Java heap, and
 * files may be larger than 2 GiB.
 *
 * <p>A file is mapped when its first tensor is requested, as elements of the type of most of its bytes; tensors of
 * other types are copied. With one mapping per type its pages would count as shared, which the kernel reclaims later.
 * Returned arrays keep their mapping alive, even after this object is closed; unused mappings are removed.
 */
public final class Safetensors implements AutoCloseable {

    private record Place(SafetensorsHeader header, Entry entry, boolean mapped) {}

    private record Mapping(Path file, ElementType type) {}

    private final Path source;
    private final Map<String, Place> places;
    private final Map<Mapping, NDArray> mappings = new HashMap<>();
    private final NDManager memory = NDManager.newBaseManager(Device.cpu(), "PyTorch");

    private Safetensors(Path source, Map<String, Place> places) {
        this.source = source;
        this.places = places;
    }

    /**
     * Opens a component folder or a single file, and checks its headers.
     *
     * @param source a {@code .safetensors} file, or a folder with {@code diffusion_pytorch_model[.variant].safetensors}
     *     or {@code model[.variant].safetensors}, in one piece or in shards listed by an {@code .index.json}
     * @throws IllegalArgumentException if there is no such file, or one breaks the format; with file and tensor
     */
    public static Safetensors open(Path source) {
        Map<String, Place> places = new LinkedHashMap<>();
        for (Path file : WeightFiles.of(source)) {
            SafetensorsHeader header = SafetensorsHeader.read(file);
            ElementType mainType = header.mainType();
            header.entries().forEach((name, entry) -> {
                boolean mapped = entry.isAligned() && entry.type() == mainType;
                Place other = places.put(name, new Place(header, entry, mapped));
                if (other != null) {
                    throw new IllegalArgumentException(
                            "tensor '" + name + "' is both in " + other.header().file() + " and in " + file);
                }
            });
        }
        return new Safetensors(source, places);
    }

    /** The folder or file that was opened. */
    public Path source() {
        return source;
    }

    /** The names, in the order of the files. */
    public Set<String> names() {
        return places.keySet();
    }

    /** The shape of every tensor, by name. */
    public Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        places.forEach((name, place) -> shapes.put(name, place.entry().shape()));
        return shapes;
    }

    /** Where a tensor lies. */
    ReadAhead.Range range(String name) {
        Place place = place(name);
        return new ReadAhead.Range(
                place.header().file(), place.entry().begin(), place.entry().end());
    }

    /** Bytes of all tensors. */
    public long bytes() {
        return places.values().stream()
                .mapToLong(place -> place.entry().end() - place.entry().begin())
                .sum();
    }

    /**
     * A tensor as stored: the mapped memory itself, or a copy if the file does not align it or consists mostly of
     * another type.
     *
     * <p>The DJL data type of a bfloat16 tensor is unknown.
     *
     * @param owner the manager that the array belongs to
     * @throws IllegalArgumentException if there is no such tensor
     */
    public NDArray get(NDManager owner, String name) {
        Entry entry = place(name).entry();
        Path file = place(name).header().file();
        long[] shape = entry.shape().getShape();
        int bytes = entry.type().bytes();
        if (place(name).mapped()) {
            return TensorKernels.COMPILED.call(
                    owner,
                    "section",
                    mapped(name, file, entry.type()),
                    entry.begin() / bytes,
                    entry.shape().size(),
                    shape);
        }
        return TensorKernels.COMPILED.call(
                owner,
                "unaligned",
                mapped(name, file, ElementType.U8),
                entry.begin(),
                entry.end(),
                entry.type().torch(),
                shape);
    }

    /**
     * The precision in which a tensor is stored.
     *
     * @throws IllegalArgumentException if there is no such tensor, or it is of a type that nothing computes in
     */
    public Precision precision(String name) {
        String type = place(name).entry().type().name();
        return Stream.of(Precision.values())
                .filter(precision -> precision.safetensors().equals(type))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        source + ": tensor '" + name + "' is of type " + type + ", allowed are F32, BF16, F16"));
    }

    /**
     * A tensor of floating-point numbers in a given precision on the owner's device: the mapped memory itself where
     * that is the stored precision and the device is the CPU.
     *
     * @throws IllegalArgumentException if there is no such tensor, or if it holds no floating-point numbers
     */
    public NDArray get(NDManager owner, String name, Precision precision) {
        requireFloating(name);
        ElementType type = place(name).entry().type();
        if (!owner.getDevice().isGpu() && type.torch() == precision.torch()) {
            return get(owner, name);
        }
        try (NDArray stored = get(memory, name)) {
            return TensorKernels.COMPILED.call(
                    owner, "convert", stored, Devices.torchName(owner.getDevice()), precision.torch());
        }
    }

    /**
     * Checks that a tensor contains floating-point numbers.
     *
     * @throws IllegalArgumentException if not, with its type
     */
    void requireFloating(String name) {
        ElementType type = place(name).entry().type();
        if (!type.isFloating()) {
            throw SafetensorsHeader.unread(source, name, type.name());
        }
    }

    /** Whether {@link #get(NDManager, String, Precision)} hands out the mapped memory itself. */
    boolean isMapped(NDManager owner, String name, Precision precision) {
        Place place = place(name);
        return !owner.getDevice().isGpu() && place.entry().type().torch() == precision.torch() && place.mapped();
    }

    /** Releases the mappings; returned arrays stay valid. */
    @Override
    public void close() {
        mappings.values().forEach(NDArray::close);
        mappings.clear();
        memory.close();
    }

    private NDArray mapped(String name, Path file, ElementType type) {
        return mappings.computeIfAbsent(new Mapping(file, type), mapping -> {
            long elements = place(name).header().size() / type.bytes();
            NDArray flat = TensorKernels.COMPILED.call(memory, "map_file", file.toString(), elements, type.torch());
            NDScope.unregister(flat);
            return flat;
        });
    }

    private Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException(source + " has no tensor '" + name + "'");
        }
        return place;
    }
}
