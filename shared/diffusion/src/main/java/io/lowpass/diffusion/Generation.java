package io.lowpass.diffusion;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * The generation that a cache serves.
 *
 * @param memory owner of what the cache keeps between steps; closed with the generation
 * @param model the model
 * @param trajectory the steps and noise levels
 * @param latents shape of the latents, (1, channels, frames, height, width), for methods that reject some shapes before
 *     the first step
 */
public record Generation(NDManager memory, ModelOutline model, Trajectory trajectory, Shape latents) {}
