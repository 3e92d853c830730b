/** The {@code calibrate} command: fits what caching methods need to know of a model, and writes it down beside it. */
@NullMarked
package io.lowpass.lab.calibrate;

import org.jspecify.annotations.NullMarked;
