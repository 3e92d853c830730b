/** FasterCache (Lv et al., 2024). */
@NullMarked
package io.lowpass.caching.faster;

import org.jspecify.annotations.NullMarked;
