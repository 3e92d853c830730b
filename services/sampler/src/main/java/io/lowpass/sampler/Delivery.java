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
 * A job record delivered to a worker.
 *
 * @param worker name of the worker
 * @param taken when the worker received it
 */
record Delivery(ConsumerRecord<String, byte[]> record, String worker, Instant taken) {

    /**
     * By default the broker delivers a record five times and then drops it silently. The remaining deliveries are a
     * reserve for workers that die before they examine it. {@link io.lowpass.contracts.TopicCheck} reports a broker
     * with a lower limit.
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

    /** How long a job waits for an encoder before it yields to other jobs; longer with each copy. */
    Duration patience() {
        return SHORTEST_WAIT.multipliedBy(Math.min(1 + JobRuns.copy(record), LONGEST_WAIT_FACTOR));
    }

    /** Whether the record has a key, and so a job id. */
    boolean isNamed() {
        return record.key() != null && !record.key().isEmpty();
    }

    /** Whether its headers declare a job, whatever its value contains. */
    boolean isOfJob() {
        return isNamed()
                && Events.typeOf(record).filter(EventType.RESOLVED::equals).isPresent();
    }

    /** The job's id, readable even if the job is not; without a key, the position of the record. */
    String jobId() {
        return isNamed() ? record.key() : record.topic() + "-" + record.partition() + "@" + record.offset();
    }

    /**
     * The job.
     *
     * @throws MalformedRecordException if the record does not contain one
     */
    Job job() {
        if (Events.read(record) instanceof Job job) {
            return job;
        }
        throw new MalformedRecordException(record, "it is not a resolved job");
    }
}
