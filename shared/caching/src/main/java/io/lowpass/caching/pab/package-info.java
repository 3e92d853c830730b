/** Pyramid Attention Broadcast (Zhao et al., 2024). */
@NullMarked
package io.lowpass.caching.pab;

import org.jspecify.annotations.NullMarked;
