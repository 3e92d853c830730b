package io.lowpass.models.transformer;

import io.lowpass.tensor.Architecture;
import java.util.List;

/** What the settings of every transformer say. */
public interface TransformerConfig {

    /** Latent cells of one token: frames, height, width. */
    List<Integer> patch();

    /** Width of the tokens. */
    int width();

    /** Number of blocks. */
    int depth();

    /** What the names of each block's parameters start with, in the order in which blocks run. */
    List<String> blockNames();

    /** Name and shape of every parameter. */
    Architecture architecture();

    /** Latent cells of one token. */
    default int patchCells() {
        return patch().stream().reduce(1, Math::multiplyExact);
    }

    /**
     * Refuses settings that make no model.
     *
     * @throws IllegalArgumentException unless the condition holds, with field, value and what is allowed
     */
    static void require(boolean holds, String field, Object value, String allowed) {
        if (!holds) {
            throw new IllegalArgumentException("transformer: " + field + " is " + value + ", allowed is " + allowed);
        }
    }
}
