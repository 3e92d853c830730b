package io.lowpass.storage;

import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.contracts.JobEvent.Waiting;
import io.lowpass.streaming.Connections;
import io.lowpass.streaming.JobStates;
import io.lowpass.streaming.StageException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Makes the calls of one try to upload a job's video. A call that fails in a way that passes is made again at once and
 * then soon; if that does not help, the try ends, so that others get its place, and the job waits for the next one.
 */
final class UploadRetry {

    private static final Logger LOG = Logger.getLogger(UploadRetry.class);
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final int QUICK_TRIES = 4;

    private final ObjectStore store;
    private final WaitingUploads waiting;
    private final StorageMetrics metrics;
    private final Connections connections;
    private final Whose whose;
    private int calls;

    /**
     * Whose calls these are.
     *
     * @param writtenAt when the first fragment of the video was written
     */
    record Whose(String jobId, int attempt, String bucket, Instant writtenAt) {}

    UploadRetry(UploadContext context, Connections connections, Whose whose) {
        this.store = context.store();
        this.waiting = context.waiting();
        this.metrics = context.metrics();
        this.connections = connections;
        this.whose = whose;
    }

    /**
     * The call's result.
     *
     * @throws StageException if the store refuses, its upload or bucket is gone, the job is not wanted any more, or the
     *     store has trouble: then the job waits, until that was long enough
     */
    <T> T insist(Supplier<T> call) throws InterruptedException {
        calls++;
        Duration pause = FIRST;
        // What has failed for longer is tried once: it must not keep others from its place.
        int tries = waiting.of(whose.jobId()).isPresent() ? 1 : QUICK_TRIES;
        while (true) {
            try {
                T result = call.get();
                waiting.succeeded(whose.jobId(), calls).ifPresent(this::goesOn);
                return result;
            } catch (StoreException e) {
                tries--;
                check(e, tries == 0);
                LOG.warnf("Again in %d ms: %s", pause.toMillis(), e.getMessage());
            }
            metrics.retry();
            Thread.sleep(pause.toMillis());
            pause = pause.multipliedBy(2);
            JobStates states = connections.states();
            if (states.isOver(whose.jobId())
                    || states.cancelRequest(whose.jobId()).isPresent()) {
                throw new StageException("JOB.UNWANTED", ErrorClass.RETRYABLE, "nobody waits for this video");
            }
        }
    }

    /** Ends the try unless the call may be made again at once. */
    private void check(StoreException e, boolean last) {
        switch (e.errorClass()) {
            case PASSING, CREDENTIALS -> {
                if (last) {
                    throw waiting(e);
                }
            }
            // Begun anew, the bucket and the upload are made again.
            case NO_BUCKET, NO_UPLOAD ->
                throw new StageException(e.failureCode(), ErrorClass.RETRYABLE, String.valueOf(e.getMessage()), e);
            default ->
                throw new StageException(e.failureCode(), ErrorClass.PERMANENT, String.valueOf(e.getMessage()), e);
        }
    }

    private StageException waiting(StoreException e) {
        Optional<WaitingUploads.Wait> before = waiting.of(whose.jobId());
        WaitingUploads.Wait wait = waiting.failed(whose.jobId(), calls, cause(e), whose.writtenAt(), e);
        if (before.filter(known -> known.code().equals(wait.code())).isEmpty()) {
            LOG.warnf("The job waits: %s", wait.reason());
            publishWaiting(wait, false);
        }
        return StageException.waiting(wait.code(), wait.reason(), e);
    }

    private WaitingUploads.Cause cause(StoreException e) {
        if (e.errorClass() == StoreErrorClass.CREDENTIALS) {
            return WaitingUploads.Cause.CREDENTIALS;
        }
        return store.answers(whose.bucket()) ? WaitingUploads.Cause.OBJECT : WaitingUploads.Cause.STORE;
    }

    private void goesOn(WaitingUploads.Wait wait) {
        LOG.infof("The job goes on after: %s", wait.reason());
        publishWaiting(wait, true);
    }

    private void publishWaiting(WaitingUploads.Wait wait, boolean over) {
        // For people to see; nothing hangs on it.
        connections
                .publisher()
                .send(new Waiting(
                        whose.jobId(), whose.attempt(), Instant.now(), Stage.UPLOAD, wait.code(), wait.reason(), over))
                .exceptionally(error -> {
                    LOG.debugf("Not told that the job waits: %s", error.getMessage());
                    return null;
                });
    }
}
