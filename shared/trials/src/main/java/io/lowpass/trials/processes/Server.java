package io.lowpass.trials.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An application that runs in one process after another: each is stopped or killed before the next one starts. What
 * they print goes to one file; each has a directory of its own for temporary files, which goes with it, as a
 * container's does.
 */
public final class Server implements AutoCloseable {

    private static final Duration LONGEST_STOP = Duration.ofSeconds(60);

    private final String name;
    private final JavaApp app;
    private final Path directory;
    private volatile Optional<Process> process = Optional.empty();
    private volatile Instant startedAt = Instant.EPOCH;
    private volatile int starts;

    /**
     * Describes it; {@link #start} starts it.
     *
     * @param name of its log, {@code NAME.log}, and of its directories
     */
    public Server(String name, JavaApp app, Path directory) {
        this.name = name;
        this.app = app;
        this.directory = directory;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** Where it prints to. */
    public Path log() {
        return directory.resolve(name + ".log");
    }

    /** The directory for temporary files of the process that runs. */
    public Path temporary() {
        return directory.resolve(name + "-" + starts + ".tmp");
    }

    /** Files that the process that runs has in that directory, without those of its framework. */
    public List<String> temporaryFiles() {
        Path directoryOfProcess = temporary();
        try (Stream<Path> files = Files.exists(directoryOfProcess) ? Files.walk(directoryOfProcess) : Stream.empty()) {
            return files.filter(Files::isRegularFile)
                    .map(file -> directoryOfProcess.relativize(file).toString())
                    .filter(file -> !file.startsWith("vertx-cache"))
                    .toList();
        } catch (IOException | UncheckedIOException changing) {
            return List.of("its files change while they are looked at");
        }
    }

    /** Starts a process; does not wait until it is ready. */
    public synchronized void start() {
        if (isRunning()) {
            throw new IllegalStateException(name + " runs already");
        }
        starts = starts + 1;
        try {
            Files.createDirectories(temporary());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
        startedAt = Instant.now();
        process = Optional.of(app.start(log(), temporary()));
    }

    /** Whether a process runs, be it stopped. */
    public boolean isRunning() {
        return process.filter(Process::isAlive).isPresent();
    }

    /** The process that runs, or was the last to run. */
    public long pid() {
        return process.map(Process::pid).orElse(0L);
    }

    /** When the last process was started. */
    public Instant startedAt() {
        return startedAt;
    }

    /** How the last process ended; empty while it runs. */
    public Optional<Integer> exit() {
        return process.filter(ended -> !ended.isAlive()).map(Process::exitValue);
    }

    /** Ends the process at once, as a power cut does. */
    public synchronized void kill() {
        process.ifPresent(running -> running.destroyForcibly().onExit().join());
        TemporaryDirectory.delete(temporary());
    }

    /**
     * Tells the process to end (SIGTERM) and waits for that; kills it if it does not end within a minute.
     *
     * @return whether it ended by itself
     */
    public synchronized boolean terminate() throws InterruptedException {
        process.ifPresent(Process::destroy);
        boolean ended = process.isEmpty() || process.get().waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
        kill();
        return ended;
    }

    /** Lets the process stand still (SIGSTOP), as one does that the machine has no time for. */
    public void pause() throws InterruptedException {
        signal("STOP");
    }

    /** Lets it go on (SIGCONT). */
    public void resume() throws InterruptedException {
        signal("CONT");
    }

    private synchronized void signal(String signal) throws InterruptedException {
        if (!isRunning()) {
            return;
        }
        try {
            int exit = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            if (exit != 0 && isRunning()) {
                throw new IllegalStateException(name + " could not be sent " + signal);
            }
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
