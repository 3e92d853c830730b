package io.lowpass.tensor;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Keeps the mapped parts of a component in memory while they are used, although not all of them fit: while one is used,
 * the next is read and the previous one is marked for reclaim. The first parts, as many as fit, are never marked, so
 * that only the others are read again in the next round; if all were reclaimed in turn, none would be left when needed
 * again.
 *
 * <p>Nothing is stored here, and nothing depends on it: parts that are not in memory are read on access.
 */
public final class ReadAhead implements AutoCloseable {

    private static final long CHUNK = 4 << 20;
    private static final int NONE = -1;

    /** Bytes {@code from} (inclusive) to {@code to} (exclusive) of a file. */
    record Range(Path file, long from, long to) {

        long bytes() {
            return to - from;
        }
    }

    private final List<List<Range>> parts;
    private final int kept;
    private final AtomicInteger inUse = new AtomicInteger(NONE);
    private final AtomicLong bytesRead = new AtomicLong();
    private final ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "read-ahead");
        thread.setDaemon(true);
        return thread;
    });

    /** The part that was last read completely. */
    private int complete = NONE;

    private MappedFiles mapped = MappedFiles.NONE;

    private ReadAhead(List<List<Range>> parts, long room) {
        this.parts = parts;
        this.kept = fitting(parts.stream().map(ReadAhead::bytes).toList(), room);
    }

    /** How many of the first parts fit permanently, leaving room for two changing ones unless all fit. */
    private static int fitting(List<Long> sizes, long room) {
        long all = sizes.stream().mapToLong(Long::longValue).sum();
        long largest = sizes.stream().mapToLong(Long::longValue).max().orElse(0);
        long left = all <= room ? room : room - 2 * largest;
        int fitting = 0;
        while (fitting < sizes.size() && sizes.get(fitting) <= left) {
            left -= sizes.get(fitting);
            fitting++;
        }
        return fitting;
    }

    /**
     * Finds the parts of a component.
     *
     * @param source as for {@link Safetensors#open}
     * @param prefixes prefixes of the tensor names of each part, such as {@code blocks.0.}, in the order of use
     * @param precision the precision in which all matrices of these parts must be stored, since others are not mapped
     *     but converted
     * @param room bytes of {@code source} that may stay in memory
     * @throws IllegalArgumentException if a part has no tensors, or a matrix is stored in another precision
     */
    public static ReadAhead of(Path source, List<String> prefixes, Precision precision, long room) {
        try (Safetensors file = Safetensors.open(source)) {
            List<List<Range>> parts = prefixes.stream()
                    .map(prefix -> part(file, prefix, precision))
                    .toList();
            long others =
                    file.bytes() - parts.stream().mapToLong(ReadAhead::bytes).sum();
            return new ReadAhead(parts, room - others);
        }
    }

    private static List<Range> part(Safetensors file, String prefix, Precision precision) {
        List<String> names =
                file.names().stream().filter(name -> name.startsWith(prefix)).toList();
        if (names.isEmpty()) {
            throw new IllegalArgumentException(
                    file.source() + " has no tensor whose name starts with '" + prefix + "'");
        }
        Map<String, Shape> shapes = file.shapes();
        names.stream()
                .filter(name -> name.endsWith(".weight")
                        && Objects.requireNonNull(shapes.get(name)).dimension() > 1)
                .filter(name -> file.precision(name) != precision)
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("dtype is " + precision.label() + ", allowed is "
                            + file.precision(name).label() + ", in which " + name + " of " + file.source()
                            + " is stored: weights that are streamed are not converted");
                });
        return joined(names.stream()
                .map(file::range)
                .map(ReadAhead::resolved)
                .sorted(ReadAhead::order)
                .toList());
    }

    /** Resolved to the path that the kernel reports. */
    private static Range resolved(Range range) {
        try {
            return new Range(range.file().toRealPath(), range.from(), range.to());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot find " + range.file(), e);
        }
    }

    private static int order(Range one, Range other) {
        int files = one.file().compareTo(other.file());
        return files == 0 ? Long.compare(one.from(), other.from()) : files;
    }

    /** Merges adjacent ranges. */
    private static List<Range> joined(List<Range> sorted) {
        List<Range> joined = new ArrayList<>();
        for (Range range : sorted) {
            Range last = joined.isEmpty() ? range : joined.get(joined.size() - 1);
            if (!joined.isEmpty() && last.file().equals(range.file()) && last.to() == range.from()) {
                joined.set(joined.size() - 1, new Range(range.file(), last.from(), range.to()));
            } else {
                joined.add(range);
            }
        }
        return List.copyOf(joined);
    }

    private static long bytes(List<Range> part) {
        return part.stream().mapToLong(Range::bytes).sum();
    }

    /** Number of parts. */
    public int parts() {
        return parts.size();
    }

    /** Bytes of a part. */
    public long bytes(int part) {
        return bytes(parts.get(part));
    }

    /** Number of parts that stay in memory: the first ones. */
    public int kept() {
        return kept;
    }

    /** Size of the parts that are read again in each round. */
    public long streamedBytes() {
        return parts.stream().skip(kept).mapToLong(ReadAhead::bytes).sum();
    }

    /** Sets the part in use. */
    public void use(int part) {
        int before = inUse.getAndSet(part);
        if (before == part) {
            return;
        }
        try {
            reader.execute(() -> turn(before, part));
        } catch (RejectedExecutionException closed) {
            // Closed between two steps: no part is needed any more.
            inUse.set(NONE);
        }
    }

    /** Marks all parts for reclaim, because others need the memory; call it while they are still mapped. */
    public void rest() {
        inUse.set(NONE);
        synchronized (this) {
            IntStream.range(0, parts.size()).forEach(this::setAside);
            complete = NONE;
        }
    }

    /** Number of bytes read or found in memory, over all parts. */
    public long bytesRead() {
        return bytesRead.get();
    }

    /** Waits until everything for the part in use has been read. */
    void await() throws InterruptedException {
        reader.shutdown();
        if (!reader.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("still reading for part " + inUse.get());
        }
    }

    private synchronized void turn(int before, int part) {
        if (before == NONE) {
            mapped = MappedFiles.now();
        }
        // A part that was read in vain, because another one followed, is marked, too.
        IntStream.of(before, complete)
                .filter(other -> other >= kept && other != part)
                .forEach(this::setAside);
        if (complete != part) {
            read(part, part);
        }
        read((part + 1) % parts.size(), part);
    }

    private void setAside(int part) {
        parts.get(part).forEach(range -> mapped.setAside(range.file(), range.from(), range.to()));
    }

    /** Reads a part, unless another one is used meanwhile. */
    private void read(int part, int used) {
        for (Range range : parts.get(part)) {
            for (long at = range.from(); at < range.to(); at += CHUNK) {
                if (inUse.get() != used) {
                    return;
                }
                long end = Math.min(at + CHUNK, range.to());
                mapped.read(range.file(), at, end);
                bytesRead.addAndGet(end - at);
            }
        }
        complete = part;
    }

    @Override
    public void close() {
        inUse.set(NONE);
        reader.shutdown();
    }
}
