/** To be written. */
@NullMarked
package io.lowpass.encoder;

import org.jspecify.annotations.NullMarked;
