/** To be written. */
@NullMarked
package io.lowpass.caching;

import org.jspecify.annotations.NullMarked;
