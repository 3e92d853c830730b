/** TeaCache (Liu et al., 2025): the time embedding tells how far the output will have moved. */
@NullMarked
package io.lowpass.caching.tea;

import org.jspecify.annotations.NullMarked;
