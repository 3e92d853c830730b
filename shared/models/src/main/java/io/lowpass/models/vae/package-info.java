/** What the autoencoders of all families have in common: latents to frames and back, and frames to pixels. */
@NullMarked
package io.lowpass.models.vae;

import org.jspecify.annotations.NullMarked;
