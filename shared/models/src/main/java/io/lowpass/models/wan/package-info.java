/**
 * The Wan 2.1 video transformer (text to video), as diffusers stores it: configuration, parameters, passes and their
 * cost.
 */
@NullMarked
package io.lowpass.models.wan;

import org.jspecify.annotations.NullMarked;
