/** Noise schedules: sigmas and timesteps with their spacing, shift and end, as scheduler configs name them. */
@NullMarked
package io.lowpass.diffusion.schedulers.noise;

import org.jspecify.annotations.NullMarked;
