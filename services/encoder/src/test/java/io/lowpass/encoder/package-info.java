/** The encoder against a real broker and the demo model's autoencoder. */
@NullMarked
package io.lowpass.encoder;

import org.jspecify.annotations.NullMarked;
