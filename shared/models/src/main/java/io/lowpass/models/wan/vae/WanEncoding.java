package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.models.vae.VideoEncoding;
import io.lowpass.tensor.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One video on its way through the encoder of a Wan autoencoder. */
final class WanEncoding implements VideoEncoding {

    private static final int RANK = 4;

    private final WanVae vae;
    private final NDManager memory;
    private final Stage stages;
    private @Nullable Shape shape;

    WanEncoding(WanVae vae, List<Layer> layers) {
        this.vae = vae;
        this.memory = vae.newMemory();
        this.stages = new StageChain(layers, memory);
    }

    @Override
    public Optional<LatentDistribution> next(NDManager owner, NDArray frame) {
        requireShape(frame.getShape());
        List<NDArray> moments = new ArrayList<>();
        // A scope of its own: what stages keep must not end with a scope of the caller.
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            stages.push(vae.received(memory, frame), moments::add);
            return moments.stream().findFirst().map(joint -> distribution(owner, joint));
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    private static LatentDistribution distribution(NDManager owner, NDArray joint) {
        List<NDArray> parts = VaeKernels.COMPILED.callAll(owner, "moments", joint);
        return new LatentDistribution(Arrays.keep(parts.get(0), owner), Arrays.keep(parts.get(1), owner));
    }

    private void requireShape(Shape given) {
        int factor = vae.spatialFactor();
        boolean fits = given.dimension() == RANK
                && given.get(0) == 1
                && given.get(1) == vae.config().inChannels()
                && given.size() > 0
                && given.get(2) % factor == 0
                && given.get(3) % factor == 0;
        if (!fits || (shape != null && !given.equals(shape))) {
            throw new IllegalArgumentException("frame has the shape " + given + ", allowed is "
                    + (shape == null
                            ? "(1, " + vae.config().inChannels() + ", height, width), both multiples of " + factor
                            : shape));
        }
        shape = given;
    }
}
