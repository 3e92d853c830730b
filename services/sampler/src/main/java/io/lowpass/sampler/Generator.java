package io.lowpass.sampler;

import io.lowpass.contracts.Job;
import io.lowpass.diffusion.ProgressListener;

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

    /** Estimated peak memory of a job in bytes, without the weights. */
    long memoryFor(Job job);

    /**
     * Generates the latents of a job.
     *
     * @param listener called after each step, on the calling thread
     * @return latents, which the caller closes; everything else of the job is freed when this returns or throws
     * @throws IllegalArgumentException with the reason if a setting of the job does not fit the model
     * @throws java.util.concurrent.CancellationException if the listener throws it
     */
    Latents generate(Job job, ProgressListener listener);

    @Override
    default void close() {
        // Nothing to free by default.
    }
}
