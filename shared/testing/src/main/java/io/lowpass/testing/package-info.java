/** To be written. */
@NullMarked
package io.lowpass.testing;

import org.jspecify.annotations.NullMarked;
