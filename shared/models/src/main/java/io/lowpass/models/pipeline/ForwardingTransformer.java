package io.lowpass.models.pipeline;

import io.lowpass.diffusion.VideoTransformer;
import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.blocks.SubLayer;
import java.util.List;
import java.util.Set;

/** A transformer that stands before another and is described as that one is. */
public abstract class ForwardingTransformer implements VideoTransformer {

    /** The one that it stands before, at this time. */
    protected abstract VideoTransformer target();

    @Override
    public final int depth() {
        return target().depth();
    }

    @Override
    public final List<Integer> lists() {
        return target().lists();
    }

    @Override
    public final Set<SubLayer> subLayers() {
        return target().subLayers();
    }

    @Override
    public final Set<Signal> signals() {
        return target().signals();
    }

    @Override
    public final Signal indicator() {
        return target().indicator();
    }

    @Override
    public final List<Integer> patch() {
        return target().patch();
    }
}
