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
final class Persistence {

    private static final Logger LOG = Logger.getLogger(Persistence.class);

    private final RetryRules rules;
    private volatile Optional<String> problem = Optional.empty();

    Persistence(RetryRules rules) {
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
     * @return what the action said, or {@link Verdict#NONE} if the record was lost before
     */
    Verdict repeat(Delivery delivery, StopSign lost, Supplier<Optional<Verdict>> action) {
        Optional<Verdict> verdict = Optional.empty();
        for (int tries = 1; verdict.isEmpty() && !lost.awaitCertainty(); tries++) {
            verdict = tried(delivery, action);
            if (verdict.isEmpty() && lost.isRaisedWithin(rules.before(tries + 1))) {
                break;
            }
        }
        problem = Optional.empty();
        return verdict.orElse(Verdict.NONE);
    }

    /** The topics' followers that have stopped say so as an illegal state. */
    private Optional<Verdict> tried(Delivery delivery, Supplier<Optional<Verdict>> action) {
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
