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
 * An application that runs in successive processes: each is stopped or killed before the next starts. They share one
 * log file; each has its own directory for temporary files, which is deleted with it, as with containers.
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
     * Describes the server; {@link #start} starts it.
     *
     * @param name name of its log, {@code NAME.log}, and of its directories
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

    /** Whether a process is running, even if paused. */
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

    /** Kills the process at once, as a power failure does. */
    public synchronized void kill() {
        process.ifPresent(running -> running.destroyForcibly().onExit().join());
        TemporaryDirectory.delete(temporary());
    }

    /**
     * Terminates the process (SIGTERM) and waits; kills it if it does not exit within a minute.
     *
     * @return whether it exited by itself
     */
    public synchronized boolean terminate() throws InterruptedException {
        process.ifPresent(Process::destroy);
        boolean ended = process.isEmpty() || process.get().waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS);
        kill();
        return ended;
    }

    /** Pauses the process (SIGSTOP), like one that gets no CPU time. */
    public void pause() throws InterruptedException {
        signal("STOP");
    }

    /** Resumes the process (SIGCONT). */
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
