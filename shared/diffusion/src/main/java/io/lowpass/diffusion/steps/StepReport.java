package io.lowpass.diffusion.steps;

import io.lowpass.diffusion.cost.Work;
import java.time.Duration;

/**
 * The report of one denoising step.
 *
 * @param elapsed wall time of the step
 * @param decision the decision that the cache reports
 * @param work what was actually computed, counted by the sampler
 */
public record StepReport(Step step, Duration elapsed, StepDecision decision, Work work) {}
