package io.lowpass.ingestion;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells threads to end. */
final class StopSign {

    private final CountDownLatch raised = new CountDownLatch(1);

    void raise() {
        raised.countDown();
    }

    boolean isRaised() {
        return raised.getCount() == 0;
    }

    /** Waits; whether the sign was raised before the time was over. */
    boolean isRaisedWithin(Duration time) throws InterruptedException {
        return raised.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }
}
