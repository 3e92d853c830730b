package io.lowpass.models.cogvideox;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.conditioning.Conditioning;

/**
 * A prompt as the blocks take it. Blocks change it, so nothing but its projection can be kept.
 *
 * @param text text tokens before the first block, shape (1, rows, width)
 */
record CogVideoXConditioning(NDArray text) implements Conditioning {}
