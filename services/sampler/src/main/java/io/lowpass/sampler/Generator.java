package io.lowpass.sampler;

import io.lowpass.contracts.Job;

/**
 * Turns jobs into latents with one loaded model: encodes the prompt, draws noise, and denoises under the job's cache
 * policy.
 *
 * <p>Used by one thread at a time.
 */
public interface Generator extends AutoCloseable {

    /** The device of the model: cpu, gpu:0. */
    String device();

    /**
     * Whether the weights are streamed: read from their files at every step, which is slow but allows models larger
     * than memory.
     */
    default boolean isStreamed() {
        return false;
    }

    /** Bytes of streamed weights that each pass through the transformer reads. */
    default long bytesPerPass() {
        return 0;
    }

    /**
     * Plans the video of a job.
     *
     * @throws IllegalArgumentException naming the field, its value and what is allowed, if the model cannot do what the
     *     job says
     */
    PlannedVideo plan(Job job);

    @Override
    default void close() {
        // Nothing to free by default.
    }
}
