/** The encoder service: turns latent frames, as they arrive, into fragments of one MP4. */
@NullMarked
package io.lowpass.encoder;

import org.jspecify.annotations.NullMarked;
