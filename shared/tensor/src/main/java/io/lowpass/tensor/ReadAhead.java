package io.lowpass.tensor;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

/**
 * Reads parts of a component's files before they are computed with, so that mapped weights that the kernel had to give
 * up are back in its cache when they are needed: the disk works while the processor does.
 *
 * <p>Nothing is kept here; what was read is the kernel's to give up again. Closing it leaves mapped weights as they are.
 */
public final class ReadAhead implements AutoCloseable {

    private static final int CHUNK = 1 << 20;
    private static final int NONE = -1;

    /** Bytes {@code from} (inclusive) to {@code to} (exclusive) of a file. */
    record Range(Path file, long from, long to) {}

    private final List<List<Range>> parts;
    private final AtomicInteger wanted = new AtomicInteger(NONE);
    private final AtomicLong bytesRead = new AtomicLong();
    private final ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "read-ahead");
        thread.setDaemon(true);
        return thread;
    });

    private ReadAhead(List<List<Range>> parts) {
        this.parts = parts;
    }

    /**
     * Finds the parts of a component.
     *
     * @param source as for {@link Safetensors#open}
     * @param prefixes what the names of the tensors of each part start with, such as {@code blocks.0.}
     * @param precision in which all matrices of these parts must be stored, since others are not mapped but converted
     * @throws IllegalArgumentException if a part has no tensors, or a matrix is stored in another precision
     */
    public static ReadAhead of(Path source, List<String> prefixes, Precision precision) {
        try (Safetensors file = Safetensors.open(source)) {
            return new ReadAhead(prefixes.stream()
                    .map(prefix -> part(file, prefix, precision))
                    .toList());
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
        return joined(names.stream().map(file::range).sorted(ReadAhead::order).toList());
    }

    private static int order(Range one, Range other) {
        int files = one.file().compareTo(other.file());
        return files == 0 ? Long.compare(one.from(), other.from()) : files;
    }

    /** Ranges that touch as one. */
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

    /** Number of parts. */
    public int parts() {
        return parts.size();
    }

    /** Bytes of a part. */
    public long bytes(int part) {
        return parts.get(part).stream()
                .mapToLong(range -> range.to() - range.from())
                .sum();
    }

    /** Starts to read a part, and gives up one that is still being read: it is being computed with by now. */
    public void request(int part) {
        if (wanted.getAndSet(part) == part) {
            return;
        }
        try {
            reader.execute(() -> read(part));
        } catch (RejectedExecutionException closed) {
            // Closed between two steps: nothing is needed any more.
            wanted.set(NONE);
        }
    }

    /** Bytes that were read, of all requests. */
    public long bytesRead() {
        return bytesRead.get();
    }

    /** Waits until what was asked for is read or given up. */
    void await() throws InterruptedException {
        reader.shutdown();
        if (!reader.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("still reading part " + wanted.get());
        }
    }

    private void read(int part) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        for (Range range : parts.get(part)) {
            if (wanted.get() != part) {
                return;
            }
            read(range, part, buffer);
        }
    }

    private void read(Range range, int part, ByteBuffer buffer) {
        try (FileChannel file = FileChannel.open(range.file(), StandardOpenOption.READ)) {
            long at = range.from();
            while (at < range.to() && wanted.get() == part) {
                buffer.clear().limit((int) Math.min(CHUNK, range.to() - at));
                int count = file.read(buffer, at);
                if (count < 0) {
                    return;
                }
                at += count;
                bytesRead.addAndGet(count);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + range.file(), e);
        }
    }

    @Override
    public void close() {
        wanted.set(NONE);
        reader.shutdown();
    }
}
