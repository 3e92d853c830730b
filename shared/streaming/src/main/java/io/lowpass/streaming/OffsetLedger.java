package io.lowpass.streaming;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Tracks how far each partition may be committed: up to the first chunk of its oldest unfinished stream, so that the
 * next reader gets every unfinished stream completely. Safe for many threads.
 */
final class OffsetLedger {

    private static final class Partition {
        private final Map<String, Long> firstOffsets = new LinkedHashMap<>();
        private long next;
        private long committed = -1;

        long safe() {
            return firstOffsets.values().stream().mapToLong(Long::longValue).reduce(next, Math::min);
        }
    }

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();

    /** The record at this offset has been processed. */
    synchronized void passed(TopicPartition partition, long offset) {
        of(partition).next = offset + 1;
    }

    /** The job's stream begins at this offset, and replaces an earlier stream of the job. */
    synchronized void open(TopicPartition partition, String jobId, long offset) {
        of(partition).firstOffsets.put(jobId, offset);
    }

    /** The job's stream needs no more records. */
    synchronized void close(TopicPartition partition, String jobId) {
        Partition known = partitions.get(partition);
        if (known != null) {
            known.firstOffsets.remove(jobId);
        }
    }

    /** Forgets a revoked partition. */
    synchronized void forget(TopicPartition partition) {
        partitions.remove(partition);
    }

    /** Offsets that have become safe to commit since the last call. */
    synchronized Map<TopicPartition, OffsetAndMetadata> advance() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        partitions.forEach((partition, state) -> {
            long safe = state.safe();
            if (safe > state.committed) {
                state.committed = safe;
                offsets.put(partition, new OffsetAndMetadata(safe));
            }
        });
        return offsets;
    }

    private Partition of(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, key -> new Partition());
    }
}
