/** CogVideoX's solvers for variance-preserving diffusion. */
@NullMarked
package io.lowpass.diffusion.schedulers.cogvideox;

import org.jspecify.annotations.NullMarked;
