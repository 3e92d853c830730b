package io.lowpass.streaming;

/** One step of the way from latents to the bucket. */
public interface PipelineStage {

    /** Begins with a stream; the same stream may be begun again when a session could not be finished. */
    StreamSession open(StreamHead head) throws InterruptedException;

    /**
     * A stream ended, its session closed. Called once for each stream that was begun.
     *
     * @param reason for people
     */
    void ended(String jobId, int attempt, Ending ending, String reason);
}
