/**
 * The sampler service: takes jobs from the share group, turns each into latents, and publishes progress for every step.
 *
 * <p>{@link io.lowpass.sampler.SamplerWorker} owns the consumer and the lock of a job's record,
 * {@link io.lowpass.sampler.JobRunner} runs one delivery and classifies its errors,
 * {@link io.lowpass.sampler.Generator} runs the model, {@link io.lowpass.streaming.JobStates} knows which jobs are
 * cancelled or over.
 */
@NullMarked
package io.lowpass.sampler;

import org.jspecify.annotations.NullMarked;
