package io.lowpass.local;

import io.lowpass.contracts.Boundary;
import io.lowpass.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The broker of a local stack. A broker that cannot write to its disk would end this process; so it is stopped orderly
 * while some space is left, and restarted when there is more. To the services it looks like an unavailable broker, for
 * which they wait.
 */
final class DiskBroker implements AutoCloseable {

    /** Free bytes required to start. */
    static final long NEEDED = 128L << 20;

    /** Free bytes below which the broker stops; stopping also needs a little space. */
    static final long RESERVE = 64L << 20;

    private static final Logger LOG = Logger.getLogger(DiskBroker.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final long MEBIBYTE = 1L << 20;

    private final Path directory;
    private final LongSupplier free;
    private final int port;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread watch;
    private Optional<EmbeddedKafka> running;

    /**
     * Starts the broker.
     *
     * @param port port of the broker
     * @throws IllegalStateException with a message if the disk is full
     */
    DiskBroker(Path directory, int port) {
        this(directory, port, () -> freeBytes(directory));
    }

    /** As the other, with another source of the free bytes. */
    DiskBroker(Path directory, int port, LongSupplier free) {
        this.directory = directory;
        this.free = free;
        requireRoom(directory, free.getAsLong());
        EmbeddedKafka kafka = EmbeddedKafka.start(directory, port);
        this.port = kafka.port();
        this.running = Optional.of(kafka);
        this.watch = new Thread(this::watch, "disk-watch");
        watch.setDaemon(true);
        watch.start();
    }

    /**
     * Checks for enough space.
     *
     * @throws IllegalStateException with a message if the disk is full
     */
    static void requireRoom(Path directory, long bytes) {
        if (bytes < NEEDED) {
            throw new IllegalStateException("the disk of " + directory + " is full: " + bytes / MEBIBYTE
                    + " MiB are free and " + NEEDED / MEBIBYTE
                    + " MiB are needed; free some space, or choose another directory with --data");
        }
    }

    /** Free bytes of the disk that the directory is on, or will be. */
    static long freeBytes(Path directory) {
        Path there = directory;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            return Files.getFileStore(there).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("the disk of " + directory + " cannot be asked for its free bytes", e);
        }
    }

    /** The value for {@code bootstrap.servers}. */
    String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    private void watch() {
        try {
            Optional<String> told = Optional.empty();
            while (!stop.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
                // A disk that fills up during the start, or cannot be queried, must not end the monitoring.
                Optional<String> trouble = Boundary.call(this::look, error -> Optional.of(Boundary.message(error)));
                if (trouble.isPresent() && !trouble.equals(told)) {
                    LOG.warnf(
                            "The disk of the broker in %s could not be checked, will retry: %s",
                            directory, trouble.get());
                }
                told = trouble;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops or starts the broker if necessary; the result is always empty. */
    private synchronized Optional<String> look() {
        if (stop.getCount() > 0) {
            look(free.getAsLong());
        }
        return Optional.empty();
    }

    private void look(long bytes) {
        if (running.isPresent() && bytes < RESERVE) {
            LOG.warnf(
                    "The disk of %s is full: %d MiB are free. Jobs wait and continue when %d MiB are free",
                    directory, bytes / MEBIBYTE, NEEDED / MEBIBYTE);
            running.get().close();
            running = Optional.empty();
        } else if (running.isEmpty() && bytes >= NEEDED) {
            running = Optional.of(EmbeddedKafka.start(directory, port));
            LOG.warnf("The disk of %s has space again; jobs continue", directory);
        }
    }

    @Override
    public void close() {
        stop.countDown();
        synchronized (this) {
            running.ifPresent(EmbeddedKafka::close);
            running = Optional.empty();
        }
    }
}
