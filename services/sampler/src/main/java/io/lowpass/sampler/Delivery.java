package io.lowpass.sampler;

import io.lowpass.contracts.EventType;
import io.lowpass.contracts.Events;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.MalformedRecordException;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A job record in the hands of a worker.
 *
 * @param worker name of the worker
 * @param taken when the worker got it
 */
record Delivery(ConsumerRecord<String, byte[]> record, String worker, Instant taken) {

    /** How often the record has been delivered, this time included: the number of the attempt. */
    int attempt() {
        return record.deliveryCount().map(Short::intValue).orElse(1);
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
