package io.lowpass.models.opensora.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** The weights of a part of the network, ready to be applied. */
@FunctionalInterface
interface Layer {

    /**
     * Computes all frames of a chunk.
     *
     * @param owner the manager that the result belongs to
     * @param frames shape (frames, channels, height, width); left as they are
     */
    NDArray apply(NDManager owner, NDArray frames);
}
