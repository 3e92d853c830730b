/**
 * Noise schedules and the solvers that follow them, with the settings and names of diffusers' scheduler configs.
 *
 * <p>All are for flow matching: latents are {@code (1 - sigma) x0 + sigma noise} and the model predicts
 * {@code noise - x0}. Noise levels are rounded to f32 where the reference rounds them; everything that is derived from
 * them is computed in double.
 */
@NullMarked
package io.lowpass.diffusion.schedulers;

import org.jspecify.annotations.NullMarked;
