package io.lowpass.streaming;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Rejects work that would not fit into memory before it starts, since a worker that runs out of memory takes other jobs
 * down. Work larger than the total is rejected permanently, work larger than what is free now can be retried. Safe for
 * many threads.
 */
public final class MemoryBudget {

    private static final double MIB = 1L << 20;
    private static final double GIB = 1L << 30;

    private final LongSupplier free;
    private final LongSupplier all;
    private long held;

    /** Memory reserved for a job until it is closed. */
    @FunctionalInterface
    public interface Reservation extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * A budget with variable limits.
     *
     * @param free bytes available now
     * @param all bytes available in total
     */
    MemoryBudget(LongSupplier free, LongSupplier all) {
        this.free = free;
        this.all = all;
    }

    /** A budget with a fixed limit in bytes. */
    public static MemoryBudget of(long limit) {
        return new MemoryBudget(() -> limit, () -> limit);
    }

    /** A budget with a fixed limit in bytes, or, without one, {@link #ofMachine}. */
    public static MemoryBudget of(OptionalLong limit) {
        return limit.isPresent() ? of(limit.getAsLong()) : ofMachine();
    }

    /** The memory of the machine and of this process's control group, looked up for each job. */
    public static MemoryBudget ofMachine() {
        Path proc = Path.of("/proc");
        Path cgroup = Path.of("/sys/fs/cgroup");
        return new MemoryBudget(() -> freeAt(proc, cgroup), () -> allAt(proc, cgroup));
    }

    /**
     * Checks that a job fits.
     *
     * @param bytes estimate of what the job needs
     * @throws StageException with the estimate: permanent if it exceeds the total, retryable if it exceeds what is free
     *     now
     */
    public synchronized void require(long bytes, Job job) {
        long most = all.getAsLong();
        if (bytes > most) {
            throw refused(ErrorClass.PERMANENT, bytes, job, "the limit is " + text(most));
        }
        // Reserved memory that is already in use counts twice when the machine is asked; waiting is the safe
        // side.
        long left = Math.max(0, free.getAsLong() - held);
        if (bytes > left) {
            throw refused(ErrorClass.RETRYABLE, bytes, job, text(left) + " of " + text(most) + " are free");
        }
    }

    /** As {@link #require}, and reserves the bytes until the reservation is closed. */
    public synchronized Reservation reserve(long bytes, Job job) {
        require(bytes, job);
        held += bytes;
        AtomicBoolean open = new AtomicBoolean(true);
        return () -> {
            if (open.getAndSet(false)) {
                release(bytes);
            }
        };
    }

    private synchronized void release(long bytes) {
        held -= bytes;
    }

    private static StageException refused(ErrorClass kind, long bytes, Job job, String but) {
        return new StageException(
                StageException.MEMORY,
                kind,
                job.size() + " with " + job.numFrames() + " frames needs about " + text(bytes) + "; " + but);
    }

    private static String text(long bytes) {
        return bytes < GIB
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / MIB)
                : String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
    }

    /** Available bytes, by the kernel's estimate and the limits of both control group versions. */
    static long freeAt(Path proc, Path cgroup) {
        long machine = machine(proc, "MemAvailable:");
        long group = Stream.of(
                        left(cgroup, "memory.max", "memory.current", "memory.stat"),
                        left(cgroup.resolve("memory"), "memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat"))
                .flatMapToLong(OptionalLong::stream)
                .min()
                .orElse(Long.MAX_VALUE);
        return Math.min(machine, group);
    }

    /** Total bytes, from the same files. */
    static long allAt(Path proc, Path cgroup) {
        return Stream.of(cgroup.resolve("memory.max"), cgroup.resolve("memory").resolve("memory.limit_in_bytes"))
                .filter(limit -> Files.isReadable(limit) && !text(limit).equals("max"))
                .mapToLong(limit -> Long.parseLong(text(limit)))
                .reduce(machine(proc, "MemTotal:"), Math::min);
    }

    private static long machine(Path proc, String field) {
        Path meminfo = proc.resolve("meminfo");
        return Files.isReadable(meminfo) ? field(meminfo, field) * 1024 : Long.MAX_VALUE;
    }

    private static OptionalLong left(Path folder, String limitFile, String usageFile, String statFile) {
        Path limit = folder.resolve(limitFile);
        Path usage = folder.resolve(usageFile);
        if (!Files.isReadable(limit) || !Files.isReadable(usage) || text(limit).equals("max")) {
            return OptionalLong.empty();
        }
        Path stat = folder.resolve(statFile);
        // Cached file pages count as used but are reclaimable, including mapped weights.
        long reclaimable = Files.isReadable(stat) ? field(stat, "inactive_file") : 0;
        return OptionalLong.of(Long.parseLong(text(limit)) - Long.parseLong(text(usage)) + reclaimable);
    }

    private static long field(Path file, String name) {
        return text(file)
                .lines()
                .map(line -> line.split("\\s+"))
                .filter(words -> words[0].equals(name))
                .mapToLong(words -> Long.parseLong(words[1]))
                .findFirst()
                .orElse(0);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
