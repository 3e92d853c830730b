package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;

/**
 * The normal distribution that an encoder gives a latent frame, in the autoencoder's own scale.
 *
 * @param mean f32, shape (1, channels, 1, height, width)
 * @param logvar logarithm of the variance, clamped to -30..20, f32, the same shape
 */
public record LatentDistribution(NDArray mean, NDArray logvar) {}
