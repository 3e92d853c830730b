/**
 * RGB frames to the pieces of one fragmented MP4 and back, through libav in this process.
 *
 * <p>Native code checks no lengths, so {@link io.lowpass.video.Mp4StreamEncoder} checks every size.
 */
@NullMarked
package io.lowpass.video;

import org.jspecify.annotations.NullMarked;
