/**
 * Video autoencoders: latents to frames and back, one frame after another, in memory that does not grow with the video.
 */
@NullMarked
package io.lowpass.models.vae;

import org.jspecify.annotations.NullMarked;
