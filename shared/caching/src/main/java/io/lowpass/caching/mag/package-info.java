/** MagCache (Ma et al., 2025): how the magnitude of what the blocks add falls over the steps, calibrated in advance. */
@NullMarked
package io.lowpass.caching.mag;

import org.jspecify.annotations.NullMarked;
