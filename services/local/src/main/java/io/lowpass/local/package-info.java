/** To be written. */
@NullMarked
package io.lowpass.local;

import org.jspecify.annotations.NullMarked;
