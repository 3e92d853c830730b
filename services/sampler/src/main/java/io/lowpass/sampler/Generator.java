package io.lowpass.sampler;

import io.lowpass.contracts.Job;
import io.lowpass.diffusion.ProgressListener;

/**
 * Turns jobs into latents on one loaded model: prompt, noise, denoising with the job's cache policy.
 *
 * <p>Used by one thread at a time.
 */
public interface Generator extends AutoCloseable {

    /** Where the model computes: cpu, gpu:0. */
    String device();

    /** Whether the weights stay in their files, so that every step reads them: slow, but of any size. */
    default boolean isStreamed() {
        return false;
    }

    /** Bytes of the weights that each pass through the transformer reads from their files, where they stay there. */
    default long bytesPerPass() {
        return 0;
    }

    /** An estimate of the bytes that a job needs at its peak, beyond the weights. */
    long memoryFor(Job job);

    /**
     * Generates the latents of a job.
     *
     * @param listener told of each finished step, on the calling thread
     * @return to be closed by the caller; nothing else of the job is left when this returns or throws
     * @throws IllegalArgumentException if a setting of the job does not fit the model, with the reason
     * @throws java.util.concurrent.CancellationException if the listener throws it
     */
    Latents generate(Job job, ProgressListener listener);

    @Override
    default void close() {
        // A generator that holds nothing has nothing to free.
    }
}
