package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;

/**
 * An encoded prompt, as a text encoder leaves it.
 *
 * @param states hidden states, shape (1, length, width): the rows of padding are zero
 * @param length number of rows that are not padding
 */
public record PromptEmbedding(NDArray states, int length) {}
