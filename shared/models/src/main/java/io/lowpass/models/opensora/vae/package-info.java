/**
 * The autoencoder of Open-Sora 1.2: a temporal one, which works on chunks of 17 frames, around a spatial one, which
 * works on single frames.
 */
@NullMarked
package io.lowpass.models.opensora.vae;

import org.jspecify.annotations.NullMarked;
