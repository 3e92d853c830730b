package io.lowpass.sampler;

import io.lowpass.contracts.Boundary;
import io.lowpass.contracts.ErrorClass;
import io.lowpass.contracts.JobEvent.Cancelled;
import io.lowpass.contracts.JobEvent.Failed;
import io.lowpass.contracts.JobEvent.Failure;
import io.lowpass.contracts.JobRun.State;
import io.lowpass.contracts.MalformedRecordException;
import io.lowpass.streaming.JobStates;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Tells how a run ended that did not come to latents, and decides what becomes of the record. */
final class Outcomes {

    private static final Logger LOG = Logger.getLogger(Outcomes.class);

    private final JobStates states;
    private final RunUnderWay underWay;
    private final Outbox outbox;
    private final SamplerMetrics metrics;
    private final RetryRules rules;

    Outcomes(JobStates states, RunUnderWay underWay, Outbox outbox, SamplerMetrics metrics, RetryRules rules) {
        this.states = states;
        this.underWay = underWay;
        this.outbox = outbox;
        this.metrics = metrics;
        this.rules = rules;
    }

    /** The run stopped between two steps: its job shall stop, has ended, or is not ours any more. */
    Verdict stopped(Delivery delivery, Steps steps, StopSign lost) {
        if (lost.awaitCertainty()) {
            return Verdict.NONE;
        }
        if (states.isOver(delivery.jobId())) {
            return over(delivery);
        }
        outbox.end(new Cancelled(
                delivery.jobId(),
                underWay.attempt(delivery.jobId()),
                Instant.now(),
                steps.done(),
                states.cancelRequest(delivery.jobId()).orElse("")));
        metrics.job("cancelled");
        underWay.conclude(State.DONE);
        return Verdict.ACCEPT;
    }

    /** The job had ended before. */
    Verdict over(Delivery delivery) {
        LOG.infof("Job %s has already ended", delivery.jobId());
        underWay.conclude(State.DONE);
        return Verdict.ACCEPT;
    }

    /** The run met an error. */
    Verdict failed(Delivery delivery, Throwable error, StopSign lost) {
        if (lost.awaitCertainty()) {
            return Verdict.NONE;
        }
        int attempt = underWay.attempt(delivery.jobId());
        Failure failure = Failures.of(error);
        LOG.warnf("Attempt %d of job %s failed: %s", attempt, delivery.jobId(), failure.message());
        LOG.debug("The cause", error);
        if (error instanceof MalformedRecordException) {
            return putAside(delivery, failure);
        }
        if (failure.errorClass() == ErrorClass.PERMANENT) {
            outbox.end(new Failed(delivery.jobId(), attempt, Instant.now(), failure, false));
            metrics.job("failed");
            underWay.conclude(State.DONE);
            return Verdict.ACCEPT;
        }
        if (Failures.isOfBroker(error)) {
            underWay.conclude(State.HANDED_BACK);
        } else if (attempt >= rules.attempts()) {
            return poisoned(delivery, failure);
        } else {
            underWay.conclude(State.FAILED);
            outbox.soon(new Failed(delivery.jobId(), attempt, Instant.now(), failure, true));
        }
        metrics.job("retried");
        // What is released is redelivered at once.
        return lost.isRaisedWithin(rules.before(attempt + 1)) ? Verdict.NONE : Verdict.RELEASE;
    }

    /** The run's end could not be told, for the broker did not take it: another run will tell. */
    Verdict unsaid(Delivery delivery, Throwable error, StopSign lost) {
        LOG.warnf("Job %s goes back: %s", delivery.jobId(), Boundary.message(error));
        underWay.conclude(State.HANDED_BACK);
        return lost.isRaisedWithin(rules.before(2)) ? Verdict.NONE : Verdict.RELEASE;
    }

    /** The attempts are used up. */
    Verdict poisoned(Delivery delivery, Failure last) {
        Failure failure = new Failure(
                last.code(),
                ErrorClass.POISON,
                "given up after " + rules.attempts() + " attempts; the last: " + last.message());
        return putAside(delivery, failure);
    }

    /** The record goes to the dead letters. */
    Verdict putAside(Delivery delivery, Failure failure) {
        outbox.deadLetter(delivery, underWay.attempt(delivery.jobId()), failure);
        if (delivery.isOfJob()) {
            outbox.end(new Failed(delivery.jobId(), underWay.attempt(delivery.jobId()), Instant.now(), failure, false));
        }
        metrics.job("put-aside");
        underWay.conclude(State.DONE);
        return Verdict.REJECT;
    }
}
