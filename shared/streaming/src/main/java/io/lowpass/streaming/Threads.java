package io.lowpass.streaming;

import io.lowpass.contracts.Boundary;
import java.util.Optional;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Steps whose failure is a value, and threads that end. */
final class Threads {

    private static final Logger LOG = Logger.getLogger(Threads.class);
    private static final long PATIENCE_MS = 10_000;

    private Threads() {}

    /**
     * Runs a step, which may fail in any way: a session calls native code, a network and a disk.
     *
     * @return what it threw
     * @throws InterruptedException if it was interrupted
     */
    static Optional<Throwable> failureOf(Boundary.Task step) throws InterruptedException {
        Optional<Throwable> failure = Boundary.failureOf(step);
        if (failure.isPresent() && failure.get() instanceof InterruptedException) {
            throw new InterruptedException();
        }
        return failure;
    }

    /**
     * A thread that should not end: if it does, the error is logged and reported, so that its service can report itself
     * as not alive.
     */
    static Thread watched(String name, Runnable work, Consumer<String> told) {
        Thread thread = new Thread(work, name);
        thread.setUncaughtExceptionHandler((ended, error) -> {
            told.accept(name + " ended: " + Boundary.message(error));
            LOG.errorf(error, "%s ended; this service is not alive without it", name);
        });
        return thread;
    }

    /** Waits a while until the thread has ended. */
    static void join(Thread thread) {
        try {
            thread.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
