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
 * Clears away what killed and hung processes left in the buckets that jobs write to: uploads that no job will finish. An
 * upload is such if a job wrote to its place and no job that goes on does. Uploads of others are not touched.
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

    /** Sweeps once the jobs' states are known, and now and then. */
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

    /** Clears away what is there now; false if the store does not let it in the service's own bucket. */
    boolean sweep() throws InterruptedException {
        boolean swept = sweep(bucket);
        Set<String> others = new HashSet<>(states.buckets());
        others.remove(bucket);
        for (String other : others) {
            // Requests may name what is gone since, or what others guard: that is no reason to look again at once.
            sweep(other);
        }
        return swept;
    }

    private boolean sweep(String place) throws InterruptedException {
        try {
            List<ObjectStore.Unfinished> all = store.unfinished(place, "");
            if (!all.isEmpty()) {
                // Whose upload was found has been accepted before: then it is known now.
                states.catchUp();
            }
            List<ObjectStore.Unfinished> found = all.stream()
                    .filter(upload -> states.isLeft(upload.path().output()))
                    .toList();
            for (ObjectStore.Unfinished upload : found) {
                store.abort(upload.path(), upload.uploadId());
                LOG.infof(
                        "Cleared away parts of %s, whose job is over",
                        upload.path().uri());
            }
            return true;
        } catch (StoreException e) {
            LOG.debugf("%s is not swept: %s", place, e.getMessage());
            return e.errorClass() == StoreErrorClass.NO_UPLOAD || e.errorClass() == StoreErrorClass.REFUSED;
        }
    }

    @Override
    public void close() {
        stop.countDown();
    }
}
