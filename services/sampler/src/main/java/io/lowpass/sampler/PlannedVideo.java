package io.lowpass.sampler;

import io.lowpass.diffusion.steps.ProgressListener;
import io.lowpass.generation.Latents;

/** The video of a job, planned for a loaded model. */
public interface PlannedVideo {

    /** Estimated peak memory in bytes, without the weights. */
    long memory();

    /**
     * Generates its latents.
     *
     * @param listener called after each step, on the calling thread
     * @return latents, which the caller closes; everything else of the job is freed when this returns or throws
     * @throws IllegalArgumentException with the reason if a setting of the job does not fit the model
     * @throws java.util.concurrent.CancellationException if the listener throws it
     */
    Latents generate(ProgressListener listener);
}
