/** The video encoder against libav's own demuxer and decoder. */
@NullMarked
package io.lowpass.video;

import org.jspecify.annotations.NullMarked;
