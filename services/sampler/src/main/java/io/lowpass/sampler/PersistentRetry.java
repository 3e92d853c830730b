package io.lowpass.sampler;

import io.lowpass.contracts.Boundary;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Repeats what has to be done before a worker may let go of a record. Each record that goes back costs one of the
 * broker's few deliveries, and after the last one the record is gone without a word: then it is better kept.
 */
final class PersistentRetry {

    private static final Logger LOG = Logger.getLogger(PersistentRetry.class);

    private final RetryRules rules;
    private volatile Optional<String> problem = Optional.empty();

    PersistentRetry(RetryRules rules) {
        this.rules = rules;
    }

    /** Why a record is kept, while one is; empty otherwise. */
    Optional<String> problem() {
        return problem;
    }

    /**
     * Repeats the action, with longer and longer waits, until it says what becomes of the record.
     *
     * @param action empty or a failure if it is to be repeated
     * @return what the action said, or {@link Acknowledgement#NONE} if the record was lost before
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

    /** The topics' followers that have stopped say so as an illegal state. */
    private Optional<Acknowledgement> tried(Delivery delivery, Supplier<Optional<Acknowledgement>> action) {
        try {
            return action.get();
        } catch (KafkaException | CompletionException | IllegalStateException error) {
            String cause = Boundary.message(Failures.cause(error));
            problem = Optional.of("job " + delivery.jobId() + " can neither be run nor given back: " + cause);
            LOG.warnf("Job %s is kept, for giving it back could lose it: %s", delivery.jobId(), cause);
            return Optional.empty();
        }
    }
}
