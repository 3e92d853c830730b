package io.lowpass.models.pipeline;

import io.lowpass.models.ComponentConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

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

    private static final String HEIGHT = "height";
    private static final String WIDTH = "width";
    private static final String FRAMES = "num_frames";
    private static final String FPS = "fps";
    private static final String STEPS = "num_inference_steps";
    private static final String GUIDANCE = "guidance_scale";

    /** Copies the list. */
    public PipelineDefaults {
        schedulers = List.copyOf(schedulers);
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
        ComponentConfig own =
                ComponentConfig.file(file).requireKnown(Set.of(HEIGHT, WIDTH, FRAMES, FPS, STEPS, GUIDANCE));
        return new PipelineDefaults(
                own.positive(HEIGHT, height),
                own.positive(WIDTH, width),
                own.positive(FRAMES, frames),
                own.positive(FPS, fps),
                own.positive(STEPS, steps),
                own.number(GUIDANCE, guidance),
                guidanceScale2,
                flowShift,
                scheduler,
                schedulers);
    }
}
