package io.lowpass.diffusion;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
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

    /**
     * Refuses a prompt that a transformer cannot take.
     *
     * @param width of the states
     * @param fewest rows that must not be padding
     * @throws IllegalArgumentException naming the shape or the length, and what is expected
     */
    public void requireFit(int width, int fewest) {
        Shape shape = states.getShape();
        if (shape.dimension() != 3 || shape.get(0) != 1 || shape.get(2) != width) {
            throw new IllegalArgumentException(
                    "text states have shape " + shape + ", expected (1, length, " + width + ")");
        }
        if (length < fewest || length > shape.get(1)) {
            throw new IllegalArgumentException(
                    "prompt length " + length + " is not within " + fewest + " to " + shape.get(1));
        }
    }

    /** Frees the arrays. */
    public void free() {
        states.close();
        pooled.ifPresent(NDArray::close);
    }
}
