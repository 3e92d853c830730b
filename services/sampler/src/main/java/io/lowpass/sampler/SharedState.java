package io.lowpass.sampler;

import io.lowpass.streaming.JobRuns;
import io.lowpass.streaming.JobStates;

/**
 * What all samplers know in common, each by following the same topics.
 *
 * @param states which jobs are over or shall stop
 * @param runs how the newest run of each job is
 * @param encoders which models can be decoded
 */
public record SharedState(JobStates states, JobRuns runs, KnownEncoders encoders) implements AutoCloseable {

    /**
     * Begins to follow the topics; those that are not there yet are waited for.
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
     * Waits until everything is known that was told before the call.
     *
     * @throws IllegalStateException if one of the topics is not followed any more
     */
    void catchUp() throws InterruptedException {
        states.catchUp();
        runs.catchUp();
        encoders.catchUp();
    }

    /** Records of states, cancels, runs and workers that nobody could read. */
    long unreadable() {
        return states.unreadable() + runs.unreadable() + encoders.unreadable();
    }

    /** Whether all of it is up to date. */
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
