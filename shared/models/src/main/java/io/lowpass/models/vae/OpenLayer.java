package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.function.Consumer;

/**
 * A layer while one video passes through it, batch by batch. It keeps of earlier frames what later ones need, which is
 * what makes decoding in pieces equal to decoding whole.
 */
@FunctionalInterface
public interface OpenLayer {

    /**
     * Takes the frames of a batch.
     *
     * @param frames they belong to the layer from here on, which closes them
     * @param next gets the frames that come out, in order, all at once or in pieces; they belong to it
     */
    void push(Batch batch, List<NDArray> frames, Consumer<List<NDArray>> next);
}
