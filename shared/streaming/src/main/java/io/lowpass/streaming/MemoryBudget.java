package io.lowpass.streaming;

import io.lowpass.contracts.Job;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Refuses what would not fit in memory, before it starts: a worker that dies of it takes others' work along. */
public final class MemoryBudget {

    private static final double MIB = 1L << 20;
    private static final double GIB = 1L << 30;

    private final LongSupplier free;

    private MemoryBudget(LongSupplier free) {
        this.free = free;
    }

    /** A budget with a fixed limit in bytes. */
    public static MemoryBudget of(long limit) {
        return new MemoryBudget(() -> limit);
    }

    /** A budget with a fixed limit in bytes, or, without one, {@link #ofMachine}. */
    public static MemoryBudget of(OptionalLong limit) {
        return limit.isPresent() ? of(limit.getAsLong()) : ofMachine();
    }

    /** What the machine and the control group of this process have left, looked up for each job. */
    public static MemoryBudget ofMachine() {
        return new MemoryBudget(() -> freeAt(Path.of("/proc"), Path.of("/sys/fs/cgroup")));
    }

    /**
     * Lets a job pass that fits.
     *
     * @param bytes estimate of what the job needs
     * @throws StageException if that is more than is free, with the estimate
     */
    public void require(long bytes, Job job) {
        long left = free.getAsLong();
        if (bytes > left) {
            throw StageException.permanent(
                    "RESOURCE.MEMORY",
                    String.format(
                            Locale.ROOT,
                            "%s with %d frames needs about %s; %s are free",
                            job.size(),
                            job.numFrames(),
                            text(bytes),
                            text(left)));
        }
    }

    private static String text(long bytes) {
        return bytes < GIB
                ? String.format(Locale.ROOT, "%.1f MiB", bytes / MIB)
                : String.format(Locale.ROOT, "%.1f GiB", bytes / GIB);
    }

    /** Bytes that may still be taken, by the kernel's own estimate and the limits of both versions of control groups. */
    static long freeAt(Path proc, Path cgroup) {
        long machine = available(proc.resolve("meminfo"));
        long group = Stream.of(
                        left(cgroup, "memory.max", "memory.current", "memory.stat"),
                        left(cgroup.resolve("memory"), "memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat"))
                .flatMapToLong(OptionalLong::stream)
                .min()
                .orElse(Long.MAX_VALUE);
        return Math.min(machine, group);
    }

    private static long available(Path meminfo) {
        return Files.isReadable(meminfo) ? field(meminfo, "MemAvailable:") * 1024 : Long.MAX_VALUE;
    }

    private static OptionalLong left(Path folder, String limitFile, String usageFile, String statFile) {
        Path limit = folder.resolve(limitFile);
        Path usage = folder.resolve(usageFile);
        if (!Files.isReadable(limit) || !Files.isReadable(usage) || text(limit).equals("max")) {
            return OptionalLong.empty();
        }
        Path stat = folder.resolve(statFile);
        // Cached file pages count as used, but go when memory is asked for: mapped weights among them.
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
