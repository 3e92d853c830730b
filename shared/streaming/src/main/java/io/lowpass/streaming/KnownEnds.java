package io.lowpass.streaming;

import io.lowpass.contracts.Event;

/** Which jobs are over, as a process knows it that writes ends of jobs. */
public interface KnownEnds {

    /** Waits until everything is known that was committed before the call. */
    void catchUp() throws InterruptedException;

    /** Whether the job has its terminal event. */
    boolean isOver(String jobId);

    /** Takes note of an event at once, without waiting to read it. */
    void note(Event event);
}
