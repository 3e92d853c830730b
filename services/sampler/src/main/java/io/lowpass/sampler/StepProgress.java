package io.lowpass.sampler;

import io.lowpass.contracts.CacheDecision;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.JobEvent.Progress;
import io.lowpass.contracts.JobEvent.Stage;
import io.lowpass.diffusion.steps.StepDecision;
import io.lowpass.diffusion.steps.StepReport;
import io.lowpass.streaming.JobStates;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Counts the steps of one attempt, and checks between them whether to continue. */
final class StepProgress {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Job job;
    private final int attempt;
    private int done;
    private double elapsedMillis;

    StepProgress(Job job, int attempt) {
        this.job = job;
        this.attempt = attempt;
    }

    /** Number of finished steps. */
    int done() {
        return done;
    }

    /** Returns normally if the job is still held, not cancelled, and not over. */
    void throwIfStopped(JobStates states, RecordLease lease) {
        if (lease.isLost()
                || states.isOver(job.jobId())
                || states.cancelRequest(job.jobId()).isPresent()) {
            throw new CancellationException("after step " + done);
        }
    }

    /** Counts a finished step and returns its progress event. */
    Progress finished(StepReport report) {
        done = report.step().index() + 1;
        double millis = report.elapsed().toNanos() / NANOS_PER_MILLI;
        elapsedMillis += millis;
        int total = report.step().count();
        return new Progress(
                job.jobId(),
                attempt,
                Instant.now(),
                Stage.DENOISE,
                done,
                total,
                (double) done / total,
                millis,
                elapsedMillis / done * (total - done),
                Optional.of(decision(report.decision())));
    }

    private static CacheDecision decision(StepDecision decision) {
        return new CacheDecision(
                decision.action().name().toLowerCase(Locale.ROOT),
                decision.reason(),
                decision.distance(),
                decision.accumulated(),
                decision.threshold(),
                decision.blocks().map(StepDecision.BlockDecision::skipped).orElse(List.of()));
    }
}
