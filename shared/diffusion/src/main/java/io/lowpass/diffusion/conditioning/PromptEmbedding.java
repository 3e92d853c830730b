package io.lowpass.diffusion.conditioning;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * An encoded prompt, as text encoders produce it.
 *
 * @param states hidden states, shape (1, length, width); in some families the rows of padding are zero
 * @param length number of rows without padding
 * @param pooled pooled embedding of the whole prompt, shape (1, width), from a second encoder
 */
public record PromptEmbedding(NDArray states, int length, Optional<NDArray> pooled) {

    /** The states of one encoder. */
    public PromptEmbedding(NDArray states, int length) {
        this(states, length, Optional.empty());
    }

    /**
     * Rejects an embedding that does not fit a transformer.
     *
     * @param width expected width of the states
     * @param fewest minimum number of rows without padding
     * @throws IllegalArgumentException naming the actual and the expected shape or length
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
