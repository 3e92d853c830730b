package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.conditioning.Conditioning;
import java.util.List;

/**
 * A prompt, and an image where there is one, as the blocks want them. The rows of a prompt's padding are equal, so one
 * of them stands for all: the logarithm of their number, added to its attention scores, gives it their common weight.
 *
 * @param blocks for each block: keys and values of the prompt, shape (1, heads, rows, head width); what is added to its
 *     attention scores, shape (1, 1, 1, rows), zero but for the row of padding, which has its log-count; then keys and
 *     values of the image
 */
record WanConditioning(List<List<NDArray>> blocks) implements Conditioning {}
