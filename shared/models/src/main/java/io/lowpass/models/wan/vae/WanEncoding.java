package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.models.vae.OpenLayers;
import io.lowpass.models.vae.VaeNetwork;
import io.lowpass.models.vae.VideoEncoding;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One video on its way through the encoder of a Wan autoencoder. */
final class WanEncoding implements VideoEncoding {

    private static final int RANK = 4;

    private final WanVaeConfig config;
    private final VaeNetwork network;
    private final NDManager memory;
    private final OpenLayers layers;
    private @Nullable Shape shape;

    WanEncoding(WanVaeConfig config, VaeNetwork network) {
        this.config = config;
        this.network = network;
        this.layers = new OpenLayers(network.encoder());
        this.memory = network.owner().newSubManager();
    }

    @Override
    public Optional<LatentDistribution> next(NDManager owner, NDArray frame) {
        requireShape(frame.getShape());
        // A scope of its own: what layers keep must not end with a scope of the caller.
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<NDArray> moments =
                    layers.through(network.batch(memory, List.of()), List.of(network.received(memory, frame)));
            return moments.isEmpty()
                    ? Optional.empty()
                    : Optional.of(LatentDistribution.of(owner, WanVae.KERNELS, moments));
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    private void requireShape(Shape given) {
        int factor = config.spatialFactor();
        boolean fits = given.dimension() == RANK
                && given.get(0) == 1
                && given.get(1) == config.inChannels()
                && given.size() > 0
                && given.get(2) % factor == 0
                && given.get(3) % factor == 0;
        if (!fits || (shape != null && !given.equals(shape))) {
            throw new IllegalArgumentException("frame has the shape " + given + ", allowed is "
                    + (shape == null
                            ? "(1, " + config.inChannels() + ", height, width), both multiples of " + factor
                            : shape));
        }
        shape = given;
    }
}
