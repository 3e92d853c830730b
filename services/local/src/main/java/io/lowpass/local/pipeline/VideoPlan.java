package io.lowpass.local.pipeline;

import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Clip;
import io.lowpass.diffusion.Scheduler;
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
        Clip clip,
        int steps,
        Scheduler scheduler,
        CachePolicy policy,
        Optional<GivenFrames> given) {

    VideoPlan withClip(Clip other) {
        return new VideoPlan(prompt, negativePrompt, seed, other, steps, scheduler, policy, given);
    }
}
