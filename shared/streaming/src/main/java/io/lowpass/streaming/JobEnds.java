package io.lowpass.streaming;

import io.lowpass.contracts.Events;
import io.lowpass.contracts.JobEvent;
import io.lowpass.contracts.KafkaSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.jboss.logging.Logger;

/**
 * Tells the ends of jobs, so that a job gets one, whoever else wants to tell another: several services, several processes
 * of a service, and among those one that hung and wakes up.
 *
 * <p>All writers of a job's end use one transactional id. Each first registers with it, by which the broker refuses every
 * writer that registered before and finishes or drops what that one had begun; then it reads the states up to their end;
 * then it writes in a transaction. If the transaction is committed, nobody registered in between, so nobody wrote in
 * between, and what was read was all there was. If it is refused, everything is done again, and the other's end is found.
 *
 * <p>The ids are {@value #SLOTS}, chosen by the job's id. Jobs that share one are in each other's way for as long as a
 * write lasts, and then try again. Readers must leave out what is not committed.
 */
public final class JobEnds {

    /** Part of the contract between all processes: with another number two writers of one job would not meet. */
    static final int SLOTS = 64;

    private static final Logger LOG = Logger.getLogger(JobEnds.class);
    private static final String ID = "lowpass-job-end-";
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final int MOST_TRIES = 20;
    private static final int LONGEST_PAUSE_MS = 250;

    /** How long readers wait for an end that a crash left open, unless somebody registers before. */
    private static final int TRANSACTION_TIMEOUT_MS = 10_000;

    private final Function<String, Producer<String, byte[]>> producers;
    private final KnownEnds states;
    private final Object[] slots = new Object[SLOTS];

    /** Tells ends to the brokers; knows those that there are from the states. */
    public JobEnds(String bootstrapServers, KnownEnds states) {
        this(id -> producer(bootstrapServers, id), states);
    }

    /** As the other, with producers made elsewhere, for a transactional id each. */
    public JobEnds(Function<String, Producer<String, byte[]>> producers, KnownEnds states) {
        this.producers = producers;
        this.states = states;
        for (int slot = 0; slot < SLOTS; slot++) {
            slots[slot] = new Object();
        }
    }

    /** A producer for one transactional id. */
    public static Producer<String, byte[]> producer(String bootstrapServers, String transactionalId) {
        Map<String, Object> config = new HashMap<>(KafkaSettings.producer(bootstrapServers));
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        config.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
        return new KafkaProducer<>(config);
    }

    /**
     * Tells the end of a job, unless it has one.
     *
     * @return whether this is the job's end now; false if it has another, or the same one from before
     * @throws KafkaException if the broker is away: then it is not known whether the end was told, and another call is
     *     safe
     */
    public boolean tell(JobEvent end) {
        if (!end.isTerminal()) {
            throw new IllegalArgumentException("a " + end.type() + " that does not end a job: " + end);
        }
        int slot = Math.floorMod(end.jobId().hashCode(), SLOTS);
        // The threads of one process would only refuse each other.
        synchronized (slots[slot]) {
            for (int tries = 1; ; tries++) {
                try {
                    return tell(end, ID + slot);
                } catch (KafkaException e) {
                    if (!isRefusal(e) || tries == MOST_TRIES) {
                        throw e;
                    }
                    LOG.debugf("Another writer came between, looking again for the end of %s", end.jobId());
                    pause();
                }
            }
        }
    }

    private boolean tell(JobEvent end, String transactionalId) {
        Producer<String, byte[]> producer = producers.apply(transactionalId);
        try {
            producer.initTransactions();
            states.catchUp();
            if (states.isOver(end.jobId())) {
                return false;
            }
            producer.beginTransaction();
            // What cannot be written fails the commit.
            var unused = producer.send(Events.record(end));
            producer.commitTransaction();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            producer.close(CLOSING);
        }
        states.note(end);
        return true;
    }

    /** Whether another writer registered, or the broker wants this one to: a fenced producer, in several guises. */
    private static boolean isRefusal(Throwable error) {
        return error instanceof ApplicationRecoverableException
                || error instanceof TransactionAbortableException
                // The broker's answer to one that is fenced while it ends its transaction.
                || error instanceof InvalidTxnStateException
                || (error.getCause() != null && isRefusal(error.getCause()));
    }

    private static void pause() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(LONGEST_PAUSE_MS));
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
