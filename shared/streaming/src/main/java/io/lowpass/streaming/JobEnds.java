package io.lowpass.streaming;

import io.lowpass.contracts.Events;
import io.lowpass.contracts.JobEvent;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/**
 * Tells the ends of jobs, so that a job gets one, whoever else wants to tell another: several services, several processes
 * of a service, and among those one that hung and wakes up.
 */
public final class JobEnds {

    /** Part of the contract between all processes. */
    static final int SLOTS = FencedWrites.SLOTS;

    private static final String ID = "lowpass-job-end-";

    private final FencedWrites writes;
    private final KnownEnds states;

    /** Tells ends to the brokers; knows those that there are from the states. */
    public JobEnds(String bootstrapServers, KnownEnds states) {
        this(id -> producer(bootstrapServers, id), states);
    }

    /** As the other, with producers made elsewhere, for a transactional id each. */
    public JobEnds(Function<String, Producer<String, byte[]>> producers, KnownEnds states) {
        this.writes = new FencedWrites(ID, producers);
        this.states = states;
    }

    /** A producer for one transactional id. */
    public static Producer<String, byte[]> producer(String bootstrapServers, String transactionalId) {
        return FencedWrites.producer(bootstrapServers, transactionalId);
    }

    /**
     * Tells the end of a job, unless it has one.
     *
     * @return whether this is the job's end now; false if it has another, or the same one from before
     * @throws KafkaException if the broker is away: then it is not known whether the end was told, and another call is
     *     safe
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
