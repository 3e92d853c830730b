package io.lowpass.diffusion;

import java.time.Duration;

/**
 * What one denoising step did.
 *
 * @param elapsed wall time of the step
 * @param decision what the cache says it did
 * @param work what was really computed at this step, counted by the sampler
 */
public record StepReport(Step step, Duration elapsed, StepDecision decision, Work work) {}
