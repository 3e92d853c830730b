package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A part of the network while one video passes through it, batch by batch. It keeps of earlier batches what later ones
 * need.
 */
@FunctionalInterface
interface Stage {

    /**
     * Takes the frames of a batch.
     *
     * @param frames each of shape (1, channels, height, width); they belong to the stage from here on
     */
    List<NDArray> push(Batch batch, List<NDArray> frames);
}
