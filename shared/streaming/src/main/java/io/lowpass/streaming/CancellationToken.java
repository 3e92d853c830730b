package io.lowpass.streaming;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks threads to stop. Once cancelled it stays cancelled. Safe for many threads. */
public final class CancellationToken {

    private final CountDownLatch cancelled = new CountDownLatch(1);

    /** Asks the threads to stop. */
    public void cancel() {
        cancelled.countDown();
    }

    /** Whether {@link #cancel} has been called. */
    public boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    /** Waits for the given time, or until {@link #cancel} is called; returns whether it was. */
    public boolean isCancelledWithin(Duration time) throws InterruptedException {
        return cancelled.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
