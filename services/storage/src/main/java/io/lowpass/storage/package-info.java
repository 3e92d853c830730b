/** To be written. */
@NullMarked
package io.lowpass.storage;

import org.jspecify.annotations.NullMarked;
