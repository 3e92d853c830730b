/**
 * How close a video is to another ({@link io.lowpass.quality.VideoFidelity}), and how close a computation is to what a
 * reference implementation stored ({@link io.lowpass.quality.ReferenceCase}, {@link io.lowpass.quality.TensorError}).
 */
@NullMarked
package io.lowpass.quality;

import org.jspecify.annotations.NullMarked;
