/**
 * RGB frames to the pieces of one fragmented MP4, through libav in this process.
 *
 * <p>Everything native lives behind {@link io.lowpass.encoder.mp4.Mp4StreamEncoder}; native code checks no lengths, so
 * every size is checked here.
 */
@NullMarked
package io.lowpass.encoder.mp4;

import org.jspecify.annotations.NullMarked;
