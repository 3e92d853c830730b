/** TaylorSeer (Liu et al., 2025): sub-layers are forecast from how their outputs moved over the computed steps. */
@NullMarked
package io.lowpass.caching.taylor;

import org.jspecify.annotations.NullMarked;
