/** Multistep solvers, which use the predictions of earlier steps: UniPC and DPM-Solver++. */
@NullMarked
package io.lowpass.diffusion.schedulers.multistep;

import org.jspecify.annotations.NullMarked;
