package io.lowpass.diffusion.steps;

/** Receives a report after each step, on the sampling thread. */
@FunctionalInterface
public interface ProgressListener {

    /** Ignores all reports. */
    ProgressListener SILENT = (report, latents) -> {};

    /**
     * Called when a step has ended.
     *
     * @param latents the latents after the step; valid during the call only
     * @throws java.util.concurrent.CancellationException to stop the generation
     */
    void onStep(StepReport report, ai.djl.ndarray.NDArray latents);
}
