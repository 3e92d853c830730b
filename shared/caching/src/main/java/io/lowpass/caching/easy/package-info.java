/** EasyCache (Zhou et al., 2025): the change of the latents, times the gain of the network, without any calibration. */
@NullMarked
package io.lowpass.caching.easy;

import org.jspecify.annotations.NullMarked;
