package io.lowpass.trials.chaos;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What has become of one planned job, as its client sees it. Safe for use by several threads. */
final class SentJob {

    private final PlannedJob plan;
    private final CompletableFuture<Void> acknowledged = new CompletableFuture<>();
    private volatile Optional<String> id = Optional.empty();
    private volatile boolean refused;
    private volatile boolean cancelAsked;

    SentJob(PlannedJob plan) {
        this.plan = plan;
        if (plan.channel() == PlannedJob.Channel.KEY) {
            id = Optional.of(plan.name());
        }
    }

    /** What was planned. */
    PlannedJob plan() {
        return plan;
    }

    /** Completes when the broker or the service has taken the request, or refused it for what it says. */
    CompletableFuture<Void> acknowledged() {
        return acknowledged;
    }

    /** The job's id, as far as its client knows it. */
    Optional<String> id() {
        return id;
    }

    /** Whether the service answered at once that the request is wrong. */
    boolean isRefused() {
        return refused;
    }

    /** Whether its client has asked for the job to be cancelled. */
    boolean isCancelAsked() {
        return cancelAsked;
    }

    void taken() {
        acknowledged.complete(null);
    }

    void taken(String jobId) {
        id = Optional.of(jobId);
        taken();
    }

    void refuse() {
        refused = true;
        taken();
    }

    void askCancel() {
        cancelAsked = true;
    }
}
