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

/** A worker's hold on a record of the share group: a lock at the broker that runs out. Lives on the consumer's thread. */
final class AcquisitionLock {

    private static final Logger LOG = Logger.getLogger(AcquisitionLock.class);
    private static final Duration BUSY_POLL = Duration.ofMillis(100);
    private static final int DEFAULT_LOCK_MILLIS = 30_000;

    /** A broker that answers again gives a record out within this time, if it is still to be had. */
    private static final Duration REGAINING = Duration.ofSeconds(5);

    private final String worker;
    private final KafkaShareConsumer<String, byte[]> consumer;
    private final CancellationToken stop;
    private final RecordLease lease = new RecordLease();
    private ConsumerRecord<String, byte[]> record;
    private Optional<ConsumerRecord<String, byte[]>> other = Optional.empty();

    /**
     * Begins with a record that the consumer has given out.
     *
     * @param stop raised when the worker is to stop
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

    /** The record that was given out, if one was. */
    static Optional<ConsumerRecord<String, byte[]>> first(ConsumerRecords<String, byte[]> polled) {
        return polled.isEmpty()
                ? Optional.empty()
                : Optional.of(polled.iterator().next());
    }

    /** Tells whether the record is held. */
    RecordLease lease() {
        return lease;
    }

    /** The record that was given out while this one was asked for, and is not this run's; it is to be worked on next. */
    Optional<ConsumerRecord<String, byte[]>> other() {
        return other;
    }

    /** How long the lock lasts after each renewal. */
    int lockMillis() {
        return consumer.acquisitionLockTimeoutMs().orElse(DEFAULT_LOCK_MILLIS);
    }

    private long endOfLock() {
        return System.nanoTime() + Duration.ofMillis(lockMillis()).toNanos();
    }

    /** Renews the lock and takes the record back from the consumer; false if it is no longer ours. */
    boolean renew() {
        long deadline = endOfLock();
        consumer.acknowledge(record, AcknowledgeType.RENEW);
        if (!committed()) {
            return false;
        }
        // A process that hung for longer than its lock must not say another word when it wakes up.
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
     * Takes the record again if the broker gives it out once more: one that was away has forgotten who had it. A record
     * that nears the broker's limit of deliveries by that is not kept, but the {@linkplain #other next} to be worked on:
     * it is to be written anew first.
     *
     * @param wanted whether the record is still of use; asked again and again
     * @param back done when the broker answers again, whatever becomes of the record
     * @return whether it is held again
     */
    boolean regain(BooleanSupplier wanted, Future<?> back) {
        long end = Long.MAX_VALUE;
        while (!stop.isCancelled() && System.nanoTime() < end && wanted.getAsBoolean()) {
            long deadline = endOfLock();
            Optional<ConsumerRecord<String, byte[]>> polled = first(consumer.poll(BUSY_POLL));
            if (polled.filter(this::isSameRecord)
                    .filter(same -> !Delivery.isNearItsLimit(same))
                    .isPresent()) {
                LOG.infof("%s has job %s again and goes on", worker, record.key());
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

    /** Ends the hold. */
    void end(AcknowledgeType type) {
        consumer.acknowledge(record, type);
        if (!committed()) {
            LOG.warnf("%s finished with job %s, but its hold was gone", worker, record.key());
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
