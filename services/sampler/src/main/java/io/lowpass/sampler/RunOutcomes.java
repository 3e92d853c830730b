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

/** Publishes the end of a run without latents, and decides how its record is acknowledged. */
final class RunOutcomes {

    private static final Logger LOG = Logger.getLogger(RunOutcomes.class);

    private final JobStates states;
    private final CurrentRun currentRun;
    private final JobPublisher publisher;
    private final SamplerMetrics metrics;
    private final RetryRules rules;

    RunOutcomes(
            JobStates states, CurrentRun currentRun, JobPublisher publisher, SamplerMetrics metrics, RetryRules rules) {
        this.states = states;
        this.currentRun = currentRun;
        this.publisher = publisher;
        this.metrics = metrics;
        this.rules = rules;
    }

    /** The run stopped between two steps: its job was cancelled, has ended, or belongs to another worker. */
    Acknowledgement stopped(Delivery delivery, StepProgress steps, RecordLease lease) {
        if (lease.isLost()) {
            return Acknowledgement.NONE;
        }
        if (states.isOver(delivery.jobId())) {
            return over(delivery);
        }
        publisher.publishEnd(new Cancelled(
                delivery.jobId(),
                currentRun.attempt(delivery.jobId()),
                Instant.now(),
                steps.done(),
                states.cancelRequest(delivery.jobId()).orElse("")));
        metrics.job("cancelled");
        currentRun.end(State.DONE);
        return Acknowledgement.ACCEPT;
    }

    /** The job had already ended. */
    Acknowledgement over(Delivery delivery) {
        LOG.infof("Job %s has already ended", delivery.jobId());
        currentRun.end(State.DONE);
        return Acknowledgement.ACCEPT;
    }

    /** The run failed. */
    Acknowledgement failed(Delivery delivery, Throwable error, RecordLease lease) {
        if (lease.isLost()) {
            return Acknowledgement.NONE;
        }
        int attempt = currentRun.attempt(delivery.jobId());
        Failure failure = Failures.of(error);
        LOG.warnf("Attempt %d of job %s failed: %s", attempt, delivery.jobId(), failure.message());
        LOG.debug("The cause", error);
        if (error instanceof MalformedRecordException) {
            return sendToDeadLetters(delivery, failure);
        }
        if (failure.errorClass() == ErrorClass.PERMANENT) {
            publisher.publishEnd(new Failed(delivery.jobId(), attempt, Instant.now(), failure, false));
            metrics.job("failed");
            currentRun.end(State.DONE);
            return Acknowledgement.ACCEPT;
        }
        if (Failures.isOfBroker(error)) {
            currentRun.end(State.HANDED_BACK);
        } else if (attempt >= rules.attempts()) {
            return poisoned(delivery, failure);
        } else {
            currentRun.end(State.FAILED);
            publisher.sendAsync(new Failed(delivery.jobId(), attempt, Instant.now(), failure, true));
        }
        metrics.job("retried");
        // A released record is redelivered at once.
        return lease.isLostWithin(rules.before(attempt + 1)) ? Acknowledgement.NONE : Acknowledgement.RELEASE;
    }

    /**
     * The end of the run could not be published, because the broker did not accept it: the next run will publish it.
     */
    Acknowledgement unpublished(Delivery delivery, Throwable error, RecordLease lease) {
        LOG.warnf("Job %s is released: %s", delivery.jobId(), Boundary.message(error));
        currentRun.end(State.HANDED_BACK);
        return lease.isLostWithin(rules.before(2)) ? Acknowledgement.NONE : Acknowledgement.RELEASE;
    }

    /** All attempts have failed. */
    Acknowledgement poisoned(Delivery delivery, Failure last) {
        Failure failure = new Failure(
                last.code(),
                ErrorClass.POISON,
                "given up after " + rules.attempts() + " attempts; the last: " + last.message());
        return sendToDeadLetters(delivery, failure);
    }

    /** Sends the record to the dead-letter topic. */
    Acknowledgement sendToDeadLetters(Delivery delivery, Failure failure) {
        publisher.deadLetter(delivery, currentRun.attempt(delivery.jobId()), failure);
        if (delivery.isOfJob()) {
            publisher.publishEnd(
                    new Failed(delivery.jobId(), currentRun.attempt(delivery.jobId()), Instant.now(), failure, false));
        }
        metrics.job("put-aside");
        currentRun.end(State.DONE);
        return Acknowledgement.REJECT;
    }
}
