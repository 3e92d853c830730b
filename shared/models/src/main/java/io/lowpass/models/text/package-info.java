/** From a user's prompt to what a transformer is conditioned on: cleaning, tokens, text encoders. */
@NullMarked
package io.lowpass.models.text;

import org.jspecify.annotations.NullMarked;
