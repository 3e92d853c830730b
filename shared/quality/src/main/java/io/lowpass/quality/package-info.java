/** To be written. */
@NullMarked
package io.lowpass.quality;

import org.jspecify.annotations.NullMarked;
