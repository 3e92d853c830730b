package io.lowpass.sampler;

import io.lowpass.streaming.CancellationToken;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * A worker's acquisition lock on a record of the share group, which expires unless renewed. Confined to the consumer's
 * thread.
 */
final class AcquisitionLock {

    private static final Logger LOG = Logger.getLogger(AcquisitionLock.class);
    private static final Duration BUSY_POLL = Duration.ofMillis(100);
    private static final int DEFAULT_LOCK_MILLIS = 30_000;

    /** How soon a broker that responds again redelivers a record. */
    private static final Duration REGAINING = Duration.ofSeconds(5);

    private final String worker;
    private final KafkaShareConsumer<String, byte[]> consumer;
    private final CancellationToken stop;
    private final RecordLease lease = new RecordLease();
    private ConsumerRecord<String, byte[]> record;
    private Optional<ConsumerRecord<String, byte[]>> other = Optional.empty();

    /**
     * Starts with a record that the consumer has received.
     *
     * @param stop cancelled when the worker is to stop
     */
    AcquisitionLock(
            String worker,
            KafkaShareConsumer<String, byte[]> consumer,
            ConsumerRecord<String, byte[]> record,
            CancellationToken stop) {
        this.worker = worker;
        this.consumer = consumer;
        this.record = record;
        this.stop = stop;
    }

    /** The received record, if there is one. */
    static Optional<ConsumerRecord<String, byte[]>> first(ConsumerRecords<String, byte[]> polled) {
        return polled.isEmpty()
                ? Optional.empty()
                : Optional.of(polled.iterator().next());
    }

    /** The lease that the run checks. */
    RecordLease lease() {
        return lease;
    }

    /** Another record that was received while waiting for this one; it is processed next. */
    Optional<ConsumerRecord<String, byte[]>> other() {
        return other;
    }

    /** The duration of the lock after each renewal. */
    int lockMillis() {
        return consumer.acquisitionLockTimeoutMs().orElse(DEFAULT_LOCK_MILLIS);
    }

    private long endOfLock() {
        return System.nanoTime() + Duration.ofMillis(lockMillis()).toNanos();
    }

    /** Renews the lock and receives the record again; false if the lock is lost. */
    boolean renew() {
        long deadline = endOfLock();
        consumer.acknowledge(record, AcknowledgeType.RENEW);
        if (!committed()) {
            return false;
        }
        // A process that hung for longer than its lock must publish nothing when it resumes.
        lease.expireAt(deadline);
        while (System.nanoTime() < deadline && !stop.isCancelled()) {
            for (ConsumerRecord<String, byte[]> polled : consumer.poll(BUSY_POLL)) {
                if (isThis(polled)) {
                    return true;
                }
                consumer.acknowledge(polled, AcknowledgeType.RELEASE);
            }
        }
        return stop.isCancelled();
    }

    /**
     * Waits for the broker to redeliver the record after it has been unavailable and forgotten the lock. A redelivered
     * record close to the delivery limit is not kept, but becomes the {@linkplain #other next} one, because it must be
     * rewritten first.
     *
     * @param wanted whether the record is still of use; checked repeatedly
     * @param back completes when the broker responds again
     * @return whether the lock is held again
     */
    boolean regain(BooleanSupplier wanted, Future<?> back) {
        long end = Long.MAX_VALUE;
        while (!stop.isCancelled() && System.nanoTime() < end && wanted.getAsBoolean()) {
            long deadline = endOfLock();
            Optional<ConsumerRecord<String, byte[]>> polled = first(consumer.poll(BUSY_POLL));
            if (polled.filter(this::isSameRecord)
                    .filter(same -> !Delivery.isNearItsLimit(same))
                    .isPresent()) {
                LOG.infof("%s received job %s again and continues", worker, record.key());
                record = polled.get();
                lease.expireAt(deadline);
                return true;
            }
            if (polled.isPresent()) {
                other = polled;
                return false;
            }
            if (end == Long.MAX_VALUE && back.isDone()) {
                end = System.nanoTime() + REGAINING.toNanos();
            }
        }
        return stop.isCancelled();
    }

    private boolean isSameRecord(ConsumerRecord<String, byte[]> polled) {
        return polled.partition() == record.partition() && polled.offset() == record.offset();
    }

    private boolean isThis(ConsumerRecord<String, byte[]> polled) {
        return isSameRecord(polled) && polled.deliveryCount().equals(record.deliveryCount());
    }

    /** Releases the lock. */
    void end(AcknowledgeType type) {
        consumer.acknowledge(record, type);
        if (!committed()) {
            LOG.warnf("%s finished job %s, but its lock was lost", worker, record.key());
        }
    }

    private boolean committed() {
        Map<?, Optional<KafkaException>> results = consumer.commitSync();
        Optional<KafkaException> error =
                results.values().stream().flatMap(Optional::stream).findFirst();
        error.ifPresent(e -> LOG.infof("%s: acknowledging job %s: %s", worker, record.key(), e.getMessage()));
        return error.isEmpty();
    }
}
