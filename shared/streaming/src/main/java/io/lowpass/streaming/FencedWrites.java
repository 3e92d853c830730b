package io.lowpass.streaming;

import io.lowpass.contracts.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.jboss.logging.Logger;

/**
 * Writes by many processes that each follow from what was written before, as if one process wrote them all.
 *
 * <p>All writers about one job use one transactional id. Each first registers with it, by which the broker refuses every
 * writer that registered before and finishes or drops what that one had begun; then it looks at what there is; then it
 * writes in a transaction. If the transaction is committed, nobody registered in between, so nobody wrote in between,
 * and what was seen was all there was. If it is refused, everything is done again, and the other's write is found.
 *
 * <p>The ids are {@value #SLOTS}, chosen by the job's id. Jobs that share one are in each other's way for as long as a
 * write lasts, and then try again. Readers must leave out what is not committed.
 */
final class FencedWrites {

    /** Part of the contract between all processes: with another number two writers about one job would not meet. */
    static final int SLOTS = 64;

    private static final Logger LOG = Logger.getLogger(FencedWrites.class);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final int MOST_TRIES = 20;
    private static final int LONGEST_PAUSE_MS = 250;

    private final String prefix;
    private final Function<String, Producer<String, byte[]>> producers;
    private final Object[] slots = new Object[SLOTS];

    /**
     * Prepares to write.
     *
     * @param prefix of the transactional ids
     * @param producers makes one for a transactional id
     */
    FencedWrites(String prefix, Function<String, Producer<String, byte[]>> producers) {
        this.prefix = prefix;
        this.producers = producers;
        for (int slot = 0; slot < SLOTS; slot++) {
            slots[slot] = new Object();
        }
    }

    /** A producer for one transactional id. */
    static Producer<String, byte[]> producer(String bootstrapServers, String transactionalId) {
        return new KafkaProducer<>(KafkaSettings.producer(bootstrapServers, transactionalId));
    }

    /** Reads up to the end what was written about the job, and says what is to follow; nothing if the list is empty. */
    @FunctionalInterface
    interface Look {
        List<ProducerRecord<String, byte[]>> next() throws InterruptedException;
    }

    /**
     * Writes all that the look says, or nothing.
     *
     * @return whether something was written
     * @throws KafkaException if the broker is away: then it is not known whether it was written, and another call is
     *     safe
     */
    boolean write(String jobId, Look look) {
        int slot = Math.floorMod(jobId.hashCode(), SLOTS);
        // The threads of one process would only refuse each other.
        synchronized (slots[slot]) {
            for (int tries = 1; ; tries++) {
                try {
                    return write(look, prefix + slot);
                } catch (KafkaException e) {
                    if (!isRefusal(e) || tries == MOST_TRIES) {
                        throw e;
                    }
                    LOG.debugf("Another writer came between, looking again at %s", jobId);
                    pause();
                }
            }
        }
    }

    private boolean write(Look look, String transactionalId) {
        Producer<String, byte[]> producer = producers.apply(transactionalId);
        try {
            producer.initTransactions();
            List<ProducerRecord<String, byte[]>> records = look.next();
            if (records.isEmpty()) {
                return false;
            }
            producer.beginTransaction();
            for (ProducerRecord<String, byte[]> record : records) {
                // What cannot be written fails the commit.
                var unused = producer.send(record);
            }
            producer.commitTransaction();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } finally {
            producer.close(CLOSING);
        }
        return true;
    }

    /** Whether another writer registered, or the broker wants this one to: a fenced producer, in several guises. */
    private static boolean isRefusal(Throwable error) {
        return error instanceof ApplicationRecoverableException
                || error instanceof TransactionAbortableException
                // The broker's answer to one that is fenced while it ends its transaction.
                || error instanceof InvalidTxnStateException
                // As the client calls every answer of the broker to that end which it does not know.
                || (error.getClass() == KafkaException.class && error.getCause() == null)
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
