package io.lowpass.streaming;

import io.lowpass.contracts.Events;
import io.lowpass.contracts.JobEvent;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/**
 * Publishes the ends of jobs, and ensures that each job gets exactly one, even with several services, several processes
 * of a service, and processes that hang and resume.
 */
public final class JobEnds {

    /** Part of the contract between all processes. */
    static final int SLOTS = FencedWrites.SLOTS;

    private static final String ID = "lowpass-job-end-";

    private final FencedWrites writes;
    private final KnownEnds states;

    /** Publishes to the brokers; {@code states} knows the existing ends. */
    public JobEnds(String bootstrapServers, KnownEnds states) {
        this(id -> producer(bootstrapServers, id), states);
    }

    /** As the other, with a producer for each transactional id from the caller. */
    public JobEnds(Function<String, Producer<String, byte[]>> producers, KnownEnds states) {
        this.writes = new FencedWrites(ID, producers);
        this.states = states;
    }

    /** A producer for one transactional id. */
    public static Producer<String, byte[]> producer(String bootstrapServers, String transactionalId) {
        return FencedWrites.producer(bootstrapServers, transactionalId);
    }

    /**
     * Publishes the end of a job, unless it has one.
     *
     * @return whether this became the job's end; false if it already had one
     * @throws KafkaException if the broker is unavailable: then the outcome is unknown, and calling again is safe
     */
    public boolean publish(JobEvent end) {
        if (!end.isTerminal()) {
            throw new IllegalArgumentException("a " + end.type() + " that does not end a job: " + end);
        }
        boolean told = writes.write(end.jobId(), () -> {
            states.catchUp();
            return states.isOver(end.jobId()) ? List.of() : List.of(Events.record(end));
        });
        if (told) {
            states.note(end);
        }
        return told;
    }
}
