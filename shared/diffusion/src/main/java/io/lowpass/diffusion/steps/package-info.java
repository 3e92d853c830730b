/** The denoising steps: their place in the schedule, the decision for each, and the report of each. */
@NullMarked
package io.lowpass.diffusion.steps;

import org.jspecify.annotations.NullMarked;
