package io.lowpass.models.vae;

import java.util.List;

/** A layer of an autoencoder: weights and settings, without a video. */
@FunctionalInterface
public interface VaeLayer {

    /** Starts a video. */
    OpenLayer open();

    /**
     * Layers one after another as one. What a layer hands on passes all later layers before it hands on more, so that
     * few frames are in memory.
     */
    static VaeLayer chain(List<VaeLayer> layers) {
        return layers.stream().reduce(VaeLayer::followedBy).orElseThrow();
    }

    /** This layer and another behind it. */
    default VaeLayer followedBy(VaeLayer other) {
        return () -> {
            OpenLayer first = open();
            OpenLayer second = other.open();
            return (batch, frames, next) -> first.push(batch, frames, some -> second.push(batch, some, next));
        };
    }
}
