/**
 * Noise schedules and the solvers that follow them, with the settings and names of diffusers' scheduler configs.
 *
 * <p>Most are for flow matching: latents are {@code (1 - sigma) x0 + sigma noise} and the model predicts
 * {@code noise - x0}. CogVideoX's, and UniPC and DPM-Solver without {@code use_flow_sigmas}, are for variance-preserving
 * diffusions. Noise levels are rounded to f32 where the reference rounds them; everything that is derived from them is
 * computed in double.
 *
 * <p>A field of a config is either followed as diffusers follows it or refused by name. Not looked at is what diffusers
 * does not look at, either: fields of other schedulers, and those that have no effect beside the others.
 */
@NullMarked
package io.lowpass.diffusion.schedulers;

import org.jspecify.annotations.NullMarked;
