/** Euler steps along the path of flow matching and rectified flow. */
@NullMarked
package io.lowpass.diffusion.schedulers.flow;

import org.jspecify.annotations.NullMarked;
