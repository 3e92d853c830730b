package io.lowpass.diffusion;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * The generation that a cache serves.
 *
 * @param memory owner of what the cache keeps between steps; closed with the generation
 * @param model the model it runs on
 * @param trajectory the path of this generation: its steps and noise levels
 * @param latents shape of the latents, (1, channels, frames, height, width): a method whose settings do not suit it
 *     refuses before the first step
 */
public record Generation(NDManager memory, ModelOutline model, Trajectory trajectory, Shape latents) {}
