/**
 * How close a video is to another ({@link io.lowpass.lab.quality.VideoFidelity}), and how close a computation is to what a
 * reference implementation stored ({@link io.lowpass.lab.quality.ReferenceCase}, {@link io.lowpass.lab.quality.TensorError}).
 */
@NullMarked
package io.lowpass.lab.quality;

import org.jspecify.annotations.NullMarked;
