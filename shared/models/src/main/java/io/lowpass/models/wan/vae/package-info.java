/**
 * The autoencoder of Wan 2.1 (Wan Team, 2025, section 4.1): latents to frames and back, one frame after another, in
 * memory that does not grow with the video.
 */
@NullMarked
package io.lowpass.models.wan.vae;

import org.jspecify.annotations.NullMarked;
