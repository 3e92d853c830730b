package io.lowpass.local.pipeline;

import io.lowpass.diffusion.CachePolicy;
import io.lowpass.diffusion.Clip;
import io.lowpass.diffusion.Scheduler;

/**
 * A video that is to be made.
 *
 * @param prompt as a request has it
 * @param negativePrompt of the unconditioned branch
 * @param seed of the noise
 * @param steps denoising steps
 */
public record VideoPlan(
        String prompt,
        String negativePrompt,
        long seed,
        Clip clip,
        int steps,
        Scheduler scheduler,
        CachePolicy policy) {}
