package io.lowpass.streaming;

import io.lowpass.contracts.EventPublisher;

/**
 * The connections of a stage.
 *
 * @param publisher publishes the results
 * @param states which jobs are over or cancelled
 * @param ends publishes the ends of jobs
 */
public record Connections(EventPublisher publisher, JobStates states, JobEnds ends) {}
