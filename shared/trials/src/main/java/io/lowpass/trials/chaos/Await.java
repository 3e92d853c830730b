package io.lowpass.trials.chaos;

import java.time.Duration;

/** Waits on threads that are interrupted only to end the run. */
final class Await {

    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final long BETWEEN_LOOKS = 250;

    private Await() {}

    /** A condition to wait for. */
    @FunctionalInterface
    interface Condition {
        boolean holds() throws InterruptedException;
    }

    /** Waits so long. */
    static void millis(long time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException interrupted) {
            throw ended(interrupted);
        }
    }

    /**
     * Waits until the condition holds.
     *
     * @throws IllegalStateException if it does not within four minutes
     */
    static void until(String what, Condition condition) {
        long start = System.nanoTime();
        try {
            while (!condition.holds()) {
                if (System.nanoTime() - start > LONGEST.toNanos()) {
                    throw new IllegalStateException("timed out waiting until " + what);
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
        } catch (InterruptedException interrupted) {
            throw ended(interrupted);
        }
    }

    /** The exception for an interrupted run. */
    static IllegalStateException ended(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("the run was interrupted", cause);
    }
}
