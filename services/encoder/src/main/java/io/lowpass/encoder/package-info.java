/** The encoder: latent frames in as they arrive, fragments of one MP4 out. */
@NullMarked
package io.lowpass.encoder;

import org.jspecify.annotations.NullMarked;
