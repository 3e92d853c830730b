package io.lowpass.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The process's peak of resident memory, as Linux counts it. */
public final class ResidentMemory {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RESET = Path.of("/proc/self/clear_refs");
    private static final String RESET_PEAK = "5";
    private static final long KIB = 1024;

    private ResidentMemory() {}

    /** Starts a new peak, where the kernel lets a process do so; the old one goes on elsewhere. */
    public static void resetPeak() {
        try {
            Files.writeString(RESET, RESET_PEAK);
        } catch (IOException e) {
            // Not permitted in some containers: the peak then is that of the whole process, which is still a bound.
            return;
        }
    }

    /** Bytes at the peak. */
    public static long peak() {
        try (Stream<String> lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + STATUS, e);
        }
    }
}
