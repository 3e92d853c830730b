package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDManager;

/** The weights of a part of the network. */
@FunctionalInterface
interface Layer {

    /**
     * Starts a video.
     *
     * @param memory owner of all that the stage makes and keeps
     */
    Stage open(NDManager memory);
}
