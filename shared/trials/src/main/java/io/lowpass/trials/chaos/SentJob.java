package io.lowpass.trials.chaos;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The state of one planned job from its client's view. Safe for many threads. */
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

    /** The plan. */
    PlannedJob plan() {
        return plan;
    }

    /** Completes when the broker or the service has accepted or rejected the request. */
    CompletableFuture<Void> acknowledged() {
        return acknowledged;
    }

    /** The job's id, if the client knows it. */
    Optional<String> id() {
        return id;
    }

    /** Whether the service rejected the request immediately. */
    boolean isRefused() {
        return refused;
    }

    /** Whether the client has requested cancellation. */
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
