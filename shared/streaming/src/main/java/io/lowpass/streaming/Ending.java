package io.lowpass.streaming;

/** How a stream ended in this process. */
public enum Ending {
    /** All frames were processed and the session completed. */
    COMPLETED(false),
    /** The job was cancelled. */
    CANCELLED(true),
    /** This stage failed. */
    FAILED(true),
    /** The sender aborted the stream. */
    ABORTED(true),
    /** The job already has its terminal event. */
    OVER(false),
    /** A newer attempt began. */
    SUPERSEDED(false),
    /**
     * Another member of the group owns the partition now, or this process is stopping: the stream continues elsewhere.
     */
    MOVED(false);

    private final boolean downstream;

    Ending(boolean downstream) {
        this.downstream = downstream;
    }

    /** Whether readers of this stage's output must learn that no more follows. */
    public boolean concernsDownstream() {
        return downstream;
    }
}
