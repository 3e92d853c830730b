package io.lowpass.streaming;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Calls whose failure is a value, and threads that end. */
final class Threads {

    private static final long PATIENCE_MS = 10_000;

    private Threads() {}

    /** Something that may fail in any way: a session calls native code, a network and a disk. */
    @FunctionalInterface
    interface Step {
        void run() throws InterruptedException;
    }

    /**
     * Runs the step on this thread.
     *
     * @return what it threw
     * @throws InterruptedException if it was interrupted
     */
    static Optional<Throwable> failureOf(Step step) throws InterruptedException {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            step.run();
            return true;
        });
        task.run();
        try {
            task.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw new InterruptedException();
            }
            return Optional.of(e.getCause());
        }
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
