/** The cost of passes, in multiply-accumulate operations. */
@NullMarked
package io.lowpass.diffusion.cost;

import org.jspecify.annotations.NullMarked;
