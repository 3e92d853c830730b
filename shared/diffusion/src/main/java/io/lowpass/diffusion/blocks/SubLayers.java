package io.lowpass.diffusion.blocks;

import ai.djl.ndarray.NDArray;
import java.util.function.Supplier;

/** Wraps each sub-layer of a block. */
@FunctionalInterface
public interface SubLayers {

    /** Runs every sub-layer; a model may then fuse a whole block. */
    SubLayers COMPUTE = (subLayer, compute) -> compute.get();

    /** Computes a sub-layer, or returns a replacement. */
    Features apply(SubLayer subLayer, Supplier<Features> compute);

    /** The same for single-stream models. */
    default NDArray video(SubLayer subLayer, Supplier<NDArray> compute) {
        return apply(subLayer, () -> Features.of(compute.get())).video();
    }
}
