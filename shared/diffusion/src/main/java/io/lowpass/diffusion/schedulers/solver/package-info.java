/** What all solvers share: prediction types, weighted sums and the noise that stochastic solvers add. */
@NullMarked
package io.lowpass.diffusion.schedulers.solver;

import org.jspecify.annotations.NullMarked;
