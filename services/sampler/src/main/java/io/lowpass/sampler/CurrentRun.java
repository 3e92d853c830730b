package io.lowpass.sampler;

import io.lowpass.contracts.JobRun;
import io.lowpass.contracts.JobRun.State;
import io.lowpass.streaming.JobRuns;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The current run of a worker: from the record of its beginning to the record of its end. Several threads may end it; a
 * late call does not affect the next run.
 */
final class CurrentRun {

    private static final Logger LOG = Logger.getLogger(CurrentRun.class);

    private final JobRuns runs;
    private final AtomicReference<@Nullable JobRun> current = new AtomicReference<>();

    CurrentRun(JobRuns runs) {
        this.runs = runs;
    }

    void begin(JobRun run) {
        current.set(run);
    }

    /** The run, if it belongs to the job. */
    Optional<JobRun> of(String jobId) {
        return Optional.ofNullable(current.get()).filter(run -> run.jobId().equals(jobId));
    }

    /** The attempt of the job's run, or of one that would begin now. */
    int attempt(String jobId) {
        return of(jobId).map(JobRun::attempt).orElseGet(() -> runs.nextAttempt(jobId));
    }

    /**
     * Records that the run, if it belongs to the job, ended through no fault of the job.
     *
     * @throws KafkaException if the broker is unavailable; calling again is safe
     */
    void handBack(String jobId) {
        of(jobId).ifPresent(run -> {
            runs.end(run, State.HANDED_BACK);
            current.compareAndSet(run, null);
        });
    }

    /** Records how the run ended. If the broker does not accept this, the run counts as lost. */
    void end(State state) {
        Optional.ofNullable(current.get()).ifPresent(run -> {
            try {
                runs.end(run, state);
            } catch (KafkaException away) {
                LOG.warnf(
                        "Run %d of job %s is %s, which could not be recorded: %s",
                        run.run(), run.jobId(), state, away.getMessage());
            }
            current.compareAndSet(run, null);
        });
    }
}
