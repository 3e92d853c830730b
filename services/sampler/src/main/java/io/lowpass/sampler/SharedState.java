package io.lowpass.sampler;

import io.lowpass.streaming.JobRuns;
import io.lowpass.streaming.JobStates;

/**
 * The shared state of all samplers, which each follows on the same topics.
 *
 * @param states which jobs are over or cancelled
 * @param runs the newest run of each job
 * @param encoders which models can be decoded
 */
public record SharedState(JobStates states, JobRuns runs, KnownEncoders encoders) implements AutoCloseable {

    /**
     * Starts following the topics, and waits for missing ones.
     *
     * @param worker name of the worker
     */
    static SharedState of(String bootstrapServers, String worker) {
        return new SharedState(
                new JobStates(bootstrapServers, "sampler"),
                new JobRuns(bootstrapServers, worker),
                new KnownEncoders(bootstrapServers, worker));
    }

    /**
     * Waits until everything published before the call is known.
     *
     * @throws IllegalStateException if a topic is no longer followed
     */
    void catchUp() throws InterruptedException {
        states.catchUp();
        runs.catchUp();
        encoders.catchUp();
    }

    /** Number of unreadable records of states, cancel requests, runs and workers. */
    long unreadable() {
        return states.unreadable() + runs.unreadable() + encoders.unreadable();
    }

    /** Whether all of it is current. */
    boolean isCurrent() {
        return states.isCurrent() && runs.isCurrent() && encoders.isCurrent();
    }

    @Override
    public void close() {
        encoders.close();
        runs.close();
        states.close();
    }
}
