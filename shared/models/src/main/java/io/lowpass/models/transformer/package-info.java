/** What the transformers of all families have in common: latents to tokens, blocks of sub-layers, and back. */
@NullMarked
package io.lowpass.models.transformer;

import org.jspecify.annotations.NullMarked;
