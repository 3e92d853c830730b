package io.lowpass.storage;

import io.lowpass.streaming.JobStates;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Aborts stale multipart uploads that killed or hung processes left in the buckets of jobs. An upload is stale if a job
 * wrote to its location and no unfinished job does. Uploads of other clients are not touched.
 */
final class StaleUploadCleanup implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StaleUploadCleanup.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final ObjectStore store;
    private final JobStates states;
    private final String bucket;
    private final CountDownLatch stop = new CountDownLatch(1);

    StaleUploadCleanup(ObjectStore store, JobStates states, String bucket) {
        this.store = store;
        this.states = states;
        this.bucket = bucket;
    }

    /** Runs once the states of jobs are known, and then periodically. */
    static StaleUploadCleanup start(ObjectStore store, JobStates states, String bucket) {
        StaleUploadCleanup sweep = new StaleUploadCleanup(store, states, bucket);
        Thread thread = new Thread(sweep::run, "storage-sweep");
        thread.setDaemon(true);
        thread.start();
        return sweep;
    }

    private void run() {
        try {
            boolean swept = false;
            while (!stop.await((swept ? PAUSE : LOOK).toMillis(), TimeUnit.MILLISECONDS)) {
                swept = states.isCurrent() && sweep();
            }
        } catch (InterruptedException e) {
            LOG.debug("Stopped");
        }
    }

    /** Aborts the uploads that are stale now; false if the store denies this in the service's own bucket. */
    boolean sweep() throws InterruptedException {
        boolean swept = sweep(bucket);
        Set<String> others = new HashSet<>(states.buckets());
        others.remove(bucket);
        for (String other : others) {
            // Requests may name deleted or protected buckets: not a reason to retry at once.
            sweep(other);
        }
        return swept;
    }

    private boolean sweep(String place) throws InterruptedException {
        try {
            List<ObjectStore.Unfinished> all = store.unfinished(place, "");
            if (!all.isEmpty()) {
                // A job whose upload was found must have been accepted earlier: it is known now.
                states.catchUp();
            }
            List<ObjectStore.Unfinished> found = all.stream()
                    .filter(upload -> states.isLeft(upload.path().output()))
                    .toList();
            for (ObjectStore.Unfinished upload : found) {
                store.abort(upload.path(), upload.uploadId());
                LOG.infof(
                        "Aborted a stale upload to %s, whose job is over",
                        upload.path().uri());
            }
            return true;
        } catch (StoreException e) {
            LOG.debugf("Stale uploads in %s could not be removed: %s", place, e.getMessage());
            return e.errorClass() == StoreErrorClass.NO_UPLOAD || e.errorClass() == StoreErrorClass.REFUSED;
        }
    }

    @Override
    public void close() {
        stop.countDown();
    }
}
