/** To be written. */
@NullMarked
package io.lowpass.sampler;

import org.jspecify.annotations.NullMarked;
