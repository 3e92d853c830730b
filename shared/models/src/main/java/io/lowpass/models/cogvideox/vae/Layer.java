package io.lowpass.models.cogvideox.vae;

/** The weights of a part of the network. */
@FunctionalInterface
interface Layer {

    /** Starts a video. */
    Stage open();
}
