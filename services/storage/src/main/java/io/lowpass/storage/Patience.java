package io.lowpass.storage;

import io.lowpass.contracts.JobEvent.ErrorClass;
import io.lowpass.streaming.JobStates;
import io.lowpass.streaming.StageException;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** Repeats a call while the object store is away, as long as the job is wanted. */
final class Patience {

    private static final Logger LOG = Logger.getLogger(Patience.class);
    private static final Duration LONGEST = Duration.ofSeconds(15);
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final String GONE = "NoSuchUpload";

    private final JobStates states;
    private final StorageMetrics metrics;
    private final String jobId;

    Patience(JobStates states, StorageMetrics metrics, String jobId) {
        this.states = states;
        this.metrics = metrics;
        this.jobId = jobId;
    }

    /**
     * The call's result, however long the store is away.
     *
     * @throws StageException if the store refuses, its upload is gone, or the job is not wanted any more
     */
    <T> T insist(Supplier<T> call) throws InterruptedException {
        Duration pause = FIRST;
        while (true) {
            try {
                return call.get();
            } catch (StoreException e) {
                if (!e.isAway()) {
                    throw refusal(e);
                }
                LOG.warnf("Again in %d ms: %s", pause.toMillis(), e.getMessage());
            }
            metrics.retry();
            Thread.sleep(pause.toMillis());
            pause = pause.multipliedBy(2).compareTo(LONGEST) < 0 ? pause.multipliedBy(2) : LONGEST;
            if (states.isOver(jobId) || states.cancelRequest(jobId).isPresent()) {
                throw new StageException("JOB.UNWANTED", ErrorClass.RETRYABLE, "nobody waits for this video");
            }
        }
    }

    private static StageException refusal(StoreException e) {
        ErrorClass errorClass = e.code().equals(GONE) ? ErrorClass.RETRYABLE : ErrorClass.PERMANENT;
        String code = e.code().isEmpty() ? "REFUSED" : e.code().toUpperCase(Locale.ROOT);
        return new StageException("STORE." + code, errorClass, String.valueOf(e.getMessage()), e);
    }
}
