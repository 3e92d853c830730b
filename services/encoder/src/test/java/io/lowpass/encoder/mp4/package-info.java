/** The video encoder against libav's own demuxer and decoder. */
@NullMarked
package io.lowpass.encoder.mp4;

import org.jspecify.annotations.NullMarked;
