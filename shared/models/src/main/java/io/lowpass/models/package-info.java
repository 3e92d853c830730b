/** To be written. */
@NullMarked
package io.lowpass.models;

import org.jspecify.annotations.NullMarked;
