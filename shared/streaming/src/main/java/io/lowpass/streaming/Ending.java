package io.lowpass.streaming;

/** How a stream ended here. */
public enum Ending {
    /** Every frame was taken, and the session completed. */
    COMPLETED(false),
    /** Somebody wanted the job to stop. */
    CANCELLED(true),
    /** This stage could not go on. */
    FAILED(true),
    /** The sender gave the stream up. */
    ABORTED(true),
    /** The job has its terminal event already. */
    OVER(false),
    /** A newer attempt began. */
    SUPERSEDED(false),
    /** Another member of the group has the partition now, or this one stops: the stream is done elsewhere. */
    MOVED(false);

    private final boolean downstream;

    Ending(boolean downstream) {
        this.downstream = downstream;
    }

    /** Whether those who read what this stage wrote must be told that no more comes. */
    public boolean concernsDownstream() {
        return downstream;
    }
}
