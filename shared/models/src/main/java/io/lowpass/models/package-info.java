/**
 * Video diffusion models of the public checkpoints, loaded from their diffusers folders as they are.
 *
 * <p>One package per model family, and {@code text}, {@code vae} and {@code pipeline} for what families share. Nothing
 * here knows about caching.
 */
@NullMarked
package io.lowpass.models;

import org.jspecify.annotations.NullMarked;
