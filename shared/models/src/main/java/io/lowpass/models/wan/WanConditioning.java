package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import io.lowpass.diffusion.Conditioning;
import java.util.List;

/**
 * A prompt as the blocks want it. The rows of its padding are equal, so one of them stands for all: the logarithm of
 * their number, added to its attention scores, gives it their common weight.
 *
 * @param keys keys of each block, shape (1, heads, rows, head width)
 * @param values values of each block, same shape
 * @param bias added to the attention scores, shape (1, 1, 1, rows): zero, and in the row of padding its log-count
 */
record WanConditioning(List<NDArray> keys, List<NDArray> values, NDArray bias) implements Conditioning {}
