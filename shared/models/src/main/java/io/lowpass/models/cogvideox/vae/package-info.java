/**
 * The autoencoder of CogVideoX (Yang et al., 2024, section 2.1): its norms look at all frames of a batch of latent
 * frames, so batches are what a video is decoded by, in memory that does not grow with its length.
 */
@NullMarked
package io.lowpass.models.cogvideox.vae;

import org.jspecify.annotations.NullMarked;
