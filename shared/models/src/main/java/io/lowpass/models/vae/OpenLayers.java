package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;

/** Layers one after another, while one video passes through them. */
public final class OpenLayers {

    private final OpenLayer layers;

    /** Starts a video. */
    public OpenLayers(List<VaeLayer> layers) {
        this.layers = VaeLayer.chain(layers).open();
    }

    /**
     * The frames that come out for those of a batch.
     *
     * @param frames closed, as all is that layers make but the last
     */
    public List<NDArray> through(Batch batch, List<NDArray> frames) {
        List<NDArray> results = new ArrayList<>();
        layers.push(batch, frames, results::addAll);
        return results;
    }
}
