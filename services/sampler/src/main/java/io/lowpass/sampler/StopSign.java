package io.lowpass.sampler;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells a run whether it still owns its job. Raised, it does not any more. Between the moment at which the hold runs out
 * and the next renewal nobody knows: then it publishes nothing, and waits.
 */
final class StopSign {

    private static final Duration LOOK = Duration.ofMillis(50);

    private final CountDownLatch raised = new CountDownLatch(1);
    private volatile boolean expires;
    private volatile long deadline;

    void raise() {
        raised.countDown();
    }

    /** Has the sign count as raised from a moment on, in {@link System#nanoTime}, until that is put off. */
    void raiseAt(long nanoTime) {
        deadline = nanoTime;
        expires = true;
    }

    /** Whether nothing may be published now. */
    boolean isRaised() {
        return isOver() || isExpired();
    }

    /** Whether nothing may be published any more. */
    boolean isOver() {
        return raised.getCount() == 0;
    }

    private boolean isExpired() {
        return expires && System.nanoTime() - deadline > 0;
    }

    /**
     * Waits while the hold has run out and may be renewed yet: a broker that is away is no reason to give up.
     *
     * @return whether nothing may be published any more
     */
    boolean awaitCertainty() {
        try {
            while (!isOver() && isExpired()) {
                if (raised.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
            return isOver();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** As {@link #await}; an interrupted wait counts as raised. */
    boolean isRaisedWithin(Duration time) {
        try {
            return await(time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Waits until the sign is raised, at most for {@code time}; returns whether it is raised for good. */
    boolean await(Duration time) throws InterruptedException {
        return raised.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
