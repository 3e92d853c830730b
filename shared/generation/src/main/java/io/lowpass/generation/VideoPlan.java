package io.lowpass.generation;

import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.vision.GivenFrames;
import java.util.Optional;

/**
 * How to generate one video: what a request names is resolved to objects here. A request becomes a plan once, in
 * {@link JobPlanner}; everything after that only reads the plan.
 *
 * @param prompt as a request has it
 * @param negativePrompt of the unconditioned branch
 * @param seed of the noise
 * @param spec the video, without its images, which {@code given} holds
 * @param steps denoising steps
 * @param given the images that the video starts and ends with, where the model starts from some
 */
public record VideoPlan(
        String prompt,
        String negativePrompt,
        long seed,
        VideoSpec spec,
        int steps,
        Scheduler scheduler,
        CachePolicy policy,
        Optional<GivenFrames> given) {}
