package io.lowpass.generation;

import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Scheduler;
import io.lowpass.diffusion.VideoSpec;
import io.lowpass.models.vision.GivenFrames;
import java.util.Optional;

/**
 * A video that is to be made.
 *
 * @param prompt as a request has it
 * @param negativePrompt of the unconditioned branch
 * @param seed of the noise
 * @param steps denoising steps
 * @param given the frames that are given, where the model starts from some
 */
public record VideoPlan(
        String prompt,
        String negativePrompt,
        long seed,
        VideoSpec spec,
        int steps,
        Scheduler scheduler,
        CachePolicy policy,
        Optional<GivenFrames> given) {

    VideoPlan withSpec(VideoSpec other) {
        return new VideoPlan(prompt, negativePrompt, seed, other, steps, scheduler, policy, given);
    }
}
