package io.lowpass.local;

import io.lowpass.contracts.JobEvent;

/** Shows what happens to a job. */
interface JobEventView {

    /** Shows one more event. */
    void show(JobEvent event);
}
