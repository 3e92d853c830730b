package io.lowpass.sampler;

import io.lowpass.contracts.Boundary;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Retries an action that must succeed before a worker may release a record. Each release costs one of the broker's few
 * deliveries, and after the last the record is dropped silently, so keeping it is better.
 */
final class PersistentRetry {

    private static final Logger LOG = Logger.getLogger(PersistentRetry.class);

    private final RetryRules rules;
    private volatile Optional<String> problem = Optional.empty();

    PersistentRetry(RetryRules rules) {
        this.rules = rules;
    }

    /** Why a record is kept; empty if none is. */
    Optional<String> problem() {
        return problem;
    }

    /**
     * Repeats the action with increasing pauses until it returns an acknowledgement.
     *
     * @param action returns empty or fails if it must be repeated
     * @return the result of the action, or {@link Acknowledgement#NONE} if the record was lost first
     */
    Acknowledgement repeat(Delivery delivery, RecordLease lease, Supplier<Optional<Acknowledgement>> action) {
        Optional<Acknowledgement> acknowledgement = Optional.empty();
        for (int tries = 1; acknowledgement.isEmpty() && !lease.isLost(); tries++) {
            acknowledgement = tried(delivery, action);
            if (acknowledgement.isEmpty() && lease.isLostWithin(rules.before(tries + 1))) {
                break;
            }
        }
        problem = Optional.empty();
        return acknowledgement.orElse(Acknowledgement.NONE);
    }

    /** A follower that has stopped throws IllegalStateException. */
    private Optional<Acknowledgement> tried(Delivery delivery, Supplier<Optional<Acknowledgement>> action) {
        try {
            return action.get();
        } catch (KafkaException | CompletionException | IllegalStateException error) {
            String cause = Boundary.message(Failures.cause(error));
            problem = Optional.of("job " + delivery.jobId() + " can neither be run nor released: " + cause);
            LOG.warnf("Job %s is kept, because releasing it could lose it: %s", delivery.jobId(), cause);
            return Optional.empty();
        }
    }
}
