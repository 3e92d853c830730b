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
 * Retries the calls of one upload try. A call with a transient error is retried immediately a few times; if that fails,
 * the try ends to free its slot for other jobs, and the job waits for its next try.
 */
final class UploadRetry {

    private static final Logger LOG = Logger.getLogger(UploadRetry.class);
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final int QUICK_TRIES = 4;

    private final ObjectStore store;
    private final WaitingUploads waiting;
    private final StorageMetrics metrics;
    private final Connections connections;
    private final Upload upload;
    private int calls;

    /**
     * The job.
     *
     * @param writtenAt when the first fragment of the video was written
     */
    record Upload(String jobId, int attempt, String bucket, Instant writtenAt) {}

    UploadRetry(UploadContext context, Connections connections, Upload upload) {
        this.store = context.store();
        this.waiting = context.waiting();
        this.metrics = context.metrics();
        this.connections = connections;
        this.upload = upload;
    }

    /**
     * Returns the call's result.
     *
     * @throws StageException if the store refuses permanently, the upload or bucket no longer exists, the job is over
     *     or cancelled, or a transient error persists: then the job waits, up to a limit
     */
    <T> T call(Supplier<T> call) throws InterruptedException {
        calls++;
        Duration pause = FIRST;
        // A job that already waits tries once: it must not keep others from its slot.
        int tries = waiting.of(upload.jobId()).isPresent() ? 1 : QUICK_TRIES;
        while (true) {
            try {
                T result = call.get();
                waiting.succeeded(upload.jobId(), calls).ifPresent(this::goesOn);
                return result;
            } catch (StoreException e) {
                tries--;
                check(e, tries == 0);
                LOG.warnf("Retrying in %d ms: %s", pause.toMillis(), e.getMessage());
            }
            metrics.retry();
            Thread.sleep(pause.toMillis());
            pause = pause.multipliedBy(2);
            JobStates states = connections.states();
            if (states.isOver(upload.jobId())
                    || states.cancelRequest(upload.jobId()).isPresent()) {
                throw new StageException("JOB.UNWANTED", ErrorClass.RETRYABLE, "the job is over or cancelled");
            }
        }
    }

    /** Throws unless the call may be retried immediately. */
    private void check(StoreException e, boolean last) {
        switch (e.errorClass()) {
            case PASSING, CREDENTIALS -> {
                if (last) {
                    throw waiting(e);
                }
            }
            // A new try recreates the bucket and the upload.
            case NO_BUCKET, NO_UPLOAD ->
                throw new StageException(e.failureCode(), ErrorClass.RETRYABLE, String.valueOf(e.getMessage()), e);
            default ->
                throw new StageException(e.failureCode(), ErrorClass.PERMANENT, String.valueOf(e.getMessage()), e);
        }
    }

    private StageException waiting(StoreException e) {
        Optional<WaitingUploads.Wait> before = waiting.of(upload.jobId());
        WaitingUploads.Wait wait = waiting.failed(upload.jobId(), calls, cause(e), upload.writtenAt(), e);
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
        return store.answers(upload.bucket()) ? WaitingUploads.Cause.OBJECT : WaitingUploads.Cause.STORE;
    }

    private void goesOn(WaitingUploads.Wait wait) {
        LOG.infof("The job goes on after: %s", wait.reason());
        publishWaiting(wait, true);
    }

    private void publishWaiting(WaitingUploads.Wait wait, boolean over) {
        // Informational only; nothing depends on it.
        connections
                .publisher()
                .send(new Waiting(
                        upload.jobId(),
                        upload.attempt(),
                        Instant.now(),
                        Stage.UPLOAD,
                        wait.code(),
                        wait.reason(),
                        over))
                .exceptionally(error -> {
                    LOG.debugf("The waiting event was not sent: %s", error.getMessage());
                    return null;
                });
    }
}
