/**
 * The CogVideoX family (Yang et al., 2024): text and video tokens pass the same blocks as two streams that attend to
 * each other jointly.
 *
 * <p>A block's sub-layers work on both streams, so what a cache keeps of one is always consistent with the other.
 */
@NullMarked
package io.lowpass.models.cogvideox;

import org.jspecify.annotations.NullMarked;
