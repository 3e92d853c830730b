package io.lowpass.sampler;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether a run still owns the record of its job. The lease ends for good when it is lost. Between its expiry and the
 * next renewal the owner is unknown: the run then publishes nothing and waits. Safe for many threads.
 */
final class RecordLease {

    private static final Duration POLL = Duration.ofMillis(50);

    private final CountDownLatch lost = new CountDownLatch(1);
    private volatile boolean expires;
    private volatile long deadline;

    /** Ends the lease for good. */
    void lose() {
        lost.countDown();
    }

    /** Sets when the lease expires, by {@link System#nanoTime}; a renewal sets a later time. */
    void expireAt(long nanoTime) {
        deadline = nanoTime;
        expires = true;
    }

    /** Whether the run may publish now: the lease is neither lost nor expired. */
    boolean isValid() {
        return !isKnownLost() && !isExpired();
    }

    private boolean isKnownLost() {
        return lost.getCount() == 0;
    }

    private boolean isExpired() {
        return expires && System.nanoTime() - deadline > 0;
    }

    /**
     * Whether the lease is lost for good. Waits while it has expired and may still be renewed, since an unreachable
     * broker is no reason to give up. Interruption counts as loss.
     */
    boolean isLost() {
        try {
            while (!isKnownLost() && isExpired()) {
                if (lost.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
            return isKnownLost();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** As {@link #awaitLoss}; interruption counts as loss. */
    boolean isLostWithin(Duration time) {
        try {
            return awaitLoss(time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Waits for at most {@code time} until the lease is lost; returns whether it is. */
    boolean awaitLoss(Duration time) throws InterruptedException {
        return lost.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
