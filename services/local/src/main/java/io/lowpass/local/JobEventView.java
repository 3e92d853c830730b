package io.lowpass.local;

import io.lowpass.contracts.JobEvent;

/** Displays the events of a job. */
interface JobEventView {

    /** Displays one event. */
    void show(JobEvent event);
}
