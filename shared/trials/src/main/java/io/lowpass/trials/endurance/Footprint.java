package io.lowpass.trials.endurance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The resources of a process.
 *
 * @param jobs number of jobs it has run
 * @param resident resident memory in bytes
 * @param heap live Java objects in bytes
 * @param classes class metadata in bytes
 * @param threads number of threads
 * @param handles number of open files and sockets
 */
record Footprint(int jobs, long resident, long heap, long classes, int threads, int handles) {

    private static final int GC_SECONDS = 60;
    private static final int BYTES_PER_KIBIBYTE = 1024;

    /** Measures a Java process after a full collection, so that garbage does not count. */
    static Footprint of(long pid, int jobs) throws InterruptedException {
        try {
            run("GC.run", pid);
            String heap = run("GC.heap_info", pid);
            Path process = Path.of("/proc", String.valueOf(pid));
            String status = Files.readString(process.resolve("status"));
            return new Footprint(
                    jobs,
                    number(status, "VmRSS:") * BYTES_PER_KIBIBYTE,
                    used(heap, "generation"),
                    used(heap, "Metaspace"),
                    (int) number(status, "Threads:"),
                    count(process.resolve("fd")));
        } catch (IOException error) {
            throw new UncheckedIOException("process " + pid + " cannot be looked at: " + error.getMessage(), error);
        }
    }

    private static int count(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return (int) files.count();
        }
    }

    private static long number(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("[^0-9]", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
    }

    /** Of lines such as {@code tenured generation   total 43712K, used 20010K [...]}, the sum. */
    private static long used(String heapInfo, String part) {
        return heapInfo.lines()
                        .filter(line -> line.contains(part) && line.contains("used "))
                        .map(line -> line.replaceFirst(".*used +([0-9]+)K.*", "$1"))
                        .mapToLong(Long::parseLong)
                        .sum()
                * BYTES_PER_KIBIBYTE;
    }

    private static String run(String command, long pid) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        String.valueOf(pid),
                        command)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(GC_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("jcmd " + command + ": " + output.trim());
        }
        return output;
    }
}
