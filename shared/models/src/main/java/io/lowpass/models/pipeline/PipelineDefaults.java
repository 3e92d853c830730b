package io.lowpass.models.pipeline;

import java.util.List;

/**
 * What a request leaves open, as a family's pipeline chooses it for a model.
 *
 * @param height pixels
 * @param width pixels
 * @param frames number of frames
 * @param fps frames per second
 * @param steps number of denoising steps
 * @param guidance scale
 * @param flowShift shift of the noise schedule
 * @param scheduler name, as requests use it
 * @param schedulers names of all that suit the model
 */
public record PipelineDefaults(
        int height,
        int width,
        int frames,
        int fps,
        int steps,
        double guidance,
        double flowShift,
        String scheduler,
        List<String> schedulers) {

    /** Copies the list. */
    public PipelineDefaults {
        schedulers = List.copyOf(schedulers);
    }
}
