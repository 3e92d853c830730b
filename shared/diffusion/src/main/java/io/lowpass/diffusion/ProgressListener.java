package io.lowpass.diffusion;

/** Told of each finished step, on the sampling thread. */
@FunctionalInterface
public interface ProgressListener {

    /** Listens to nothing. */
    ProgressListener SILENT = (report, latents) -> {};

    /**
     * Called when a step has ended.
     *
     * @param latents the latents after the step; valid during the call only
     * @throws java.util.concurrent.CancellationException to stop the generation
     */
    void onStep(StepReport report, ai.djl.ndarray.NDArray latents);
}
