package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import java.util.function.Consumer;

/**
 * A part of the network while one video passes through it, frame by frame. It keeps of earlier frames what later ones
 * need, which is what makes decoding in pieces equal to decoding whole.
 */
@FunctionalInterface
interface Stage {

    /**
     * Takes a frame.
     *
     * @param frame shape (1, channels, height, width); it belongs to the stage from here on, which closes it
     * @param next gets the frames that come out, in order, none or more; they belong to it
     */
    void push(NDArray frame, Consumer<NDArray> next);
}
