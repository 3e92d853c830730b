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
 * The run that a worker is at: from when its begin is noted until its end is. Several threads may end it; one that comes
 * late does not touch the run that followed.
 */
final class CurrentRun {

    private static final Logger LOG = Logger.getLogger(CurrentRun.class);

    private final JobRuns runs;
    private final AtomicReference<@Nullable JobRun> current = new AtomicReference<>();

    CurrentRun(JobRuns runs) {
        this.runs = runs;
    }

    void begins(JobRun run) {
        current.set(run);
    }

    /** The run, if it is one of the job. */
    Optional<JobRun> of(String jobId) {
        return Optional.ofNullable(current.get()).filter(run -> run.jobId().equals(jobId));
    }

    /** The attempt of the job's run, or the one that would begin now. */
    int attempt(String jobId) {
        return of(jobId).map(JobRun::attempt).orElseGet(() -> runs.nextAttempt(jobId));
    }

    /**
     * Notes that the run, if it is one of the job, came to its end through no fault of the job.
     *
     * @throws KafkaException if the broker is away; another call is safe
     */
    void handBack(String jobId) {
        of(jobId).ifPresent(run -> {
            runs.end(run, State.HANDED_BACK);
            current.compareAndSet(run, null);
        });
    }

    /** Notes how the run ended. Where the broker does not take the note, the run counts as one that was lost. */
    void conclude(State state) {
        Optional.ofNullable(current.get()).ifPresent(run -> {
            try {
                runs.end(run, state);
            } catch (KafkaException away) {
                LOG.warnf(
                        "That run %d of job %s is %s was not noted: %s",
                        run.run(), run.jobId(), state, away.getMessage());
            }
            current.compareAndSet(run, null);
        });
    }
}
