/** Dual Block Cache (cache-dit, 2025): the first blocks decide, those in between may be replayed, the last ones run. */
@NullMarked
package io.lowpass.caching.dual;

import org.jspecify.annotations.NullMarked;
