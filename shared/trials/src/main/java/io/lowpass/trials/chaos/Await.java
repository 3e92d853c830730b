package io.lowpass.trials.chaos;

import java.time.Duration;

/** Waits, on a thread that nobody interrupts but to end the run. */
final class Await {

    private static final Duration LONGEST = Duration.ofMinutes(4);
    private static final long BETWEEN_LOOKS = 250;

    private Await() {}

    /** Something to wait for. */
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
                    throw new IllegalStateException("waited in vain until " + what);
                }
                Thread.sleep(BETWEEN_LOOKS);
            }
        } catch (InterruptedException interrupted) {
            throw ended(interrupted);
        }
    }

    /** What to throw where the run was told to end. */
    static IllegalStateException ended(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("the run was ended", cause);
    }
}
