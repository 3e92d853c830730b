package io.lowpass.streaming;

/** A stage of the pipeline between latents and bucket. */
public interface PipelineStage {

    /** Starts a session for a stream; a stream may be started again if its session failed. */
    StreamSession open(StreamHead head) throws InterruptedException;

    /**
     * Called once for each started stream when it has ended and its session is closed.
     *
     * @param reason description of the ending
     */
    void ended(String jobId, int attempt, Ending ending, String reason);
}
