package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * An encoded prompt, as text encoders leave it.
 *
 * @param states hidden states, shape (1, length, width): the rows of padding are zero where a family says so
 * @param length number of rows that are not padding
 * @param pooled one state for the whole prompt, shape (1, width), where a second encoder makes one
 */
public record PromptEmbedding(NDArray states, int length, Optional<NDArray> pooled) {

    /** The states of one encoder. */
    public PromptEmbedding(NDArray states, int length) {
        this(states, length, Optional.empty());
    }

    /** Frees the arrays. */
    public void free() {
        states.close();
        pooled.ifPresent(NDArray::close);
    }
}
