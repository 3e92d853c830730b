package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Kernels;
import java.util.List;

/**
 * Frames that pass the layers together.
 *
 * @param kernels of the family
 * @param memory owner of all that layers make
 * @param latents the latent frames that a decoder makes the frames of, each (1, channels, height, width), for norms that
 *     are scaled by them; empty where none are
 */
public record Batch(Kernels kernels, NDManager memory, List<NDArray> latents) {}
