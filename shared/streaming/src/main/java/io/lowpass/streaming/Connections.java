package io.lowpass.streaming;

import io.lowpass.contracts.EventPublisher;

/**
 * What a stage reaches the world by.
 *
 * @param publisher sends what follows from its work
 * @param states tells which jobs are over or shall stop
 * @param ends tells that a job is over
 */
public record Connections(EventPublisher publisher, JobStates states, JobEnds ends) {}
