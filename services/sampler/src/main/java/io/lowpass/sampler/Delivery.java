package io.lowpass.sampler;

import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.MalformedRecordException;
import io.lowpass.streaming.JobRuns;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A job record in the hands of a worker.
 *
 * @param worker name of the worker
 * @param taken when the worker got it
 */
record Delivery(ConsumerRecord<String, byte[]> record, String worker, Instant taken) {

    /**
     * The broker gives a record out five times by default, and then drops it without a word: a few deliveries are left
     * for workers that die before they have looked at it. {@link io.lowpass.contracts.TopicCheck} tells of a broker that
     * leaves none.
     */
    private static final int WRITTEN_ANEW_FROM = 3;

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(5);
    private static final int LONGEST_WAIT_FACTOR = 4;

    /** Whether the record is near the number of deliveries at which the broker drops it. */
    boolean isNearItsLimit() {
        return isNearItsLimit(record);
    }

    /** Whether a record is near the number of deliveries at which the broker drops it. */
    static boolean isNearItsLimit(ConsumerRecord<String, byte[]> record) {
        return record.deliveryCount().map(Short::intValue).orElse(1) >= WRITTEN_ANEW_FROM;
    }

    /** How long the job is waited for before it makes way for others; a little longer each time. */
    Duration patience() {
        return SHORTEST_WAIT.multipliedBy(Math.min(1 + JobRuns.copy(record), LONGEST_WAIT_FACTOR));
    }

    /** Whether the record has a key, and so a job to tell of. */
    boolean isNamed() {
        return record.key() != null && !record.key().isEmpty();
    }

    /** Whether a job of this name waits for the record: whatever it holds, it says that it is a job. */
    boolean isOfJob() {
        return isNamed()
                && Events.typeOf(record).filter(EventType.RESOLVED::equals).isPresent();
    }

    /** The job's id, which is readable even when the job is not; where the record has none, its place. */
    String jobId() {
        return isNamed() ? record.key() : record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    /**
     * The job.
     *
     * @throws MalformedRecordException if the record is none
     */
    Job job() {
        if (Events.read(record) instanceof Job job) {
            return job;
        }
        throw new MalformedRecordException(record, "it is not a resolved job");
    }
}
