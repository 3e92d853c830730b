package io.lowpass.sampler;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a run that it no longer owns its job: from then on it publishes nothing. */
final class StopSign {

    private final CountDownLatch raised = new CountDownLatch(1);
    private volatile boolean expires;
    private volatile long deadline;

    void raise() {
        raised.countDown();
    }

    /** Has the sign count as raised from a moment on, in {@link System#nanoTime}, unless that is put off in time. */
    void raiseAt(long nanoTime) {
        deadline = nanoTime;
        expires = true;
    }

    boolean isRaised() {
        return raised.getCount() == 0 || (expires && System.nanoTime() - deadline > 0);
    }

    /** Waits until the sign is raised, at most for {@code time}; returns whether it is. */
    boolean await(Duration time) throws InterruptedException {
        return raised.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }
}
