/**
 * Wan 2.1 and 2.2, from text and from images, as diffusers stores them: configuration, parameters, passes and their cost,
 * the two experts of 2.2, and what an image that a video starts from, or ends with, is made into.
 */
@NullMarked
package io.lowpass.models.wan;

import org.jspecify.annotations.NullMarked;
