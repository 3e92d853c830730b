/** To be written. */
@NullMarked
package io.lowpass.embedded;

import org.jspecify.annotations.NullMarked;
