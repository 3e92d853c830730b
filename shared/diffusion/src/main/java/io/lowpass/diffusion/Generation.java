package io.lowpass.diffusion;

import ai.djl.ndarray.NDManager;

/**
 * The generation that a cache serves.
 *
 * @param memory owner of what the cache keeps between steps; closed with the generation
 * @param model the model it runs on
 * @param trajectory the path of this generation: its steps and noise levels
 */
public record Generation(NDManager memory, ModelOutline model, Trajectory trajectory) {}
