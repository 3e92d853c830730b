/** First Block Cache (ParaAttention, 2024): what the first block adds tells whether the others must run. */
@NullMarked
package io.lowpass.caching.firstblock;

import org.jspecify.annotations.NullMarked;
