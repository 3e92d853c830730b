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
 * Serialises writes of many processes, each of which depends on what was written before.
 *
 * <p>All writers about one job use the same transactional id. A writer first registers it, so that the broker fences
 * all earlier writers and commits or aborts their transactions; then it reads the current state; then it writes in a
 * transaction. If the transaction commits, no other writer registered, and therefore none wrote, in between: what it
 * read was complete. If the transaction is rejected, all steps are repeated, which finds the other's write.
 *
 * <p>There are {@value #SLOTS} ids, chosen by job id. Jobs that share one delay each other for the duration of a write.
 * Readers must use read-committed isolation.
 */
final class FencedWrites {

    /**
     * Part of the contract between all processes: with different numbers, two writers about one job would use different
     * ids.
     */
    static final int SLOTS = 64;

    private static final Logger LOG = Logger.getLogger(FencedWrites.class);
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final int MOST_TRIES = 20;
    private static final int LONGEST_PAUSE_MS = 250;

    private final String prefix;
    private final Function<String, Producer<String, byte[]>> producers;
    private final Object[] slots = new Object[SLOTS];

    /**
     * Prepares the writes.
     *
     * @param prefix prefix of the transactional ids
     * @param producers creates the producer of a transactional id
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

    /** Reads to the end what was written about the job, and returns what to write next; an empty list means nothing. */
    @FunctionalInterface
    interface NextRecords {
        List<ProducerRecord<String, byte[]>> next() throws InterruptedException;
    }

    /**
     * Writes all records that the look returns, or none.
     *
     * @return whether something was written
     * @throws KafkaException if the broker is unavailable: then the outcome is unknown, and calling again is safe
     */
    boolean write(String jobId, NextRecords look) {
        int slot = Math.floorMod(jobId.hashCode(), SLOTS);
        // Threads of one process would only fence each other.
        synchronized (slots[slot]) {
            for (int tries = 1; ; tries++) {
                try {
                    return write(look, prefix + slot);
                } catch (KafkaException e) {
                    if (!isRefusal(e) || tries == MOST_TRIES) {
                        throw e;
                    }
                    LOG.debugf("Fenced by another writer, reading %s again", jobId);
                    pause();
                }
            }
        }
    }

    private boolean write(NextRecords look, String transactionalId) {
        Producer<String, byte[]> producer = producers.apply(transactionalId);
        try {
            producer.initTransactions();
            List<ProducerRecord<String, byte[]>> records = look.next();
            if (records.isEmpty()) {
                return false;
            }
            producer.beginTransaction();
            for (ProducerRecord<String, byte[]> record : records) {
                // A failed send makes the commit fail.
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

    /** Whether another writer fenced this one, in any of the forms in which Kafka reports it. */
    private static boolean isRefusal(Throwable error) {
        return error instanceof ApplicationRecoverableException
                || error instanceof TransactionAbortableException
                // The broker's response to a producer that is fenced while ending its transaction.
                || error instanceof InvalidTxnStateException
                // The client's wrapper for every unknown response to that request.
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
