package io.lowpass.streaming;

import io.lowpass.contracts.Event;

/** Knows which jobs are over, for a process that publishes ends of jobs. */
public interface KnownEnds {

    /** Waits until everything committed before the call is known. */
    void catchUp() throws InterruptedException;

    /** Whether the job has its terminal event. */
    boolean isOver(String jobId);

    /** Adds an event immediately, without waiting to read it. */
    void note(Event event);
}
