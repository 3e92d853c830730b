package io.lowpass.trials.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A small disk of its own, so that it can be filled without harm: in memory, mounted if the user may do so. */
final class LimitedDisk implements AutoCloseable {

    private static final String SIZE = "64m";
    private static final int BLOCK = 1 << 20;

    private final Path directory;
    private final Optional<String> problem;
    private boolean closed;

    private LimitedDisk(Path directory, Optional<String> problem) {
        this.directory = directory;
        this.problem = problem;
    }

    /** Mounts one; if that cannot be done, it is a plain directory that cannot be filled. */
    static LimitedDisk at(Path directory) throws InterruptedException {
        try {
            Files.createDirectories(directory);
            return new LimitedDisk(
                    directory, run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "tmpfs", directory.toString()));
        } catch (IOException error) {
            return new LimitedDisk(directory, Optional.of(String.valueOf(error.getMessage())));
        }
    }

    /** Why it cannot be filled; empty if it can. */
    Optional<String> problem() {
        return problem;
    }

    /** Where it is. */
    Path directory() {
        return directory;
    }

    /** Takes all the room that there is. */
    void fill() {
        byte[] block = new byte[BLOCK];
        for (int length = BLOCK; length > 0; length /= 8) {
            append(block, length);
        }
    }

    private void append(byte[] block, int length) {
        try (OutputStream out = Files.newOutputStream(
                filler(), java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND)) {
            // Nobody but the end of the room ends this.
            for (; ; ) {
                out.write(block, 0, length);
            }
        } catch (IOException full) {
            return;
        }
    }

    /** Gives the room back. */
    void free() {
        try {
            Files.deleteIfExists(filler());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    private static Optional<String> run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? Optional.empty() : Optional.of(output.trim());
    }

    @Override
    public synchronized void close() {
        if (problem.isPresent() || closed) {
            return;
        }
        closed = true;
        try {
            run("umount", directory.toString()).ifPresent(why -> {
                throw new IllegalStateException(why);
            });
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
