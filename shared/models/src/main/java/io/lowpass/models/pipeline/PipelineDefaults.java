package io.lowpass.models.pipeline;

import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.diffusion.schedulers.Schedulers;
import io.lowpass.models.ComponentConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a request leaves open, as a family's pipeline chooses it for a model.
 *
 * @param height pixels
 * @param width pixels
 * @param frames number of frames
 * @param fps frames per second
 * @param steps number of denoising steps
 * @param guidance scale
 * @param guidanceScale2 scale of the second of two experts, where there are two
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
        OptionalDouble guidanceScale2,
        double flowShift,
        String scheduler,
        List<String> schedulers) {

    /** A file that a model folder may hold: what suits this model better than what its family's pipeline would choose. */
    public static final String FILE_NAME = "pipeline_defaults.json";

    /** Copies the list. */
    public PipelineDefaults {
        schedulers = List.copyOf(schedulers);
    }

    /**
     * Defaults with one guidance scale.
     *
     * @param scheduler the scheduler's settings, from which shift and names follow
     */
    public static PipelineDefaults of(VideoSpec video, int steps, Map<String, Object> scheduler) {
        return new PipelineDefaults(
                video.height(),
                video.width(),
                video.frames(),
                (int) video.fps(),
                steps,
                video.guidance(),
                OptionalDouble.empty(),
                Schedulers.shiftOf(scheduler),
                Schedulers.nameOf(scheduler),
                Schedulers.suiting(scheduler));
    }

    /** The same with another size. */
    public PipelineDefaults sized(int otherHeight, int otherWidth) {
        return new PipelineDefaults(
                otherHeight,
                otherWidth,
                frames,
                fps,
                steps,
                guidance,
                guidanceScale2,
                flowShift,
                scheduler,
                schedulers);
    }

    /** The same for two experts, each with a guidance scale of its own. */
    public PipelineDefaults guided(int otherSteps, double first, double second) {
        return new PipelineDefaults(
                height,
                width,
                frames,
                fps,
                otherSteps,
                first,
                OptionalDouble.of(second),
                flowShift,
                scheduler,
                schedulers);
    }

    /**
     * The same with what {@value #FILE_NAME} of the folder says, where there is one; its fields are called as the
     * arguments of diffusers' pipelines.
     *
     * @throws IllegalArgumentException if the file has other fields, or a value that none of them can have
     */
    public PipelineDefaults in(Path folder) {
        Path file = folder.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            return this;
        }
        ComponentConfig own = ComponentConfig.file(file);
        PipelineDefaults refined = new PipelineDefaults(
                own.positive("height", height),
                own.positive("width", width),
                own.positive("num_frames", frames),
                own.positive("fps", fps),
                own.positive("num_inference_steps", steps),
                own.number("guidance_scale", guidance),
                guidanceScale2,
                flowShift,
                scheduler,
                schedulers);
        own.requireAllRead();
        return refined;
    }
}
