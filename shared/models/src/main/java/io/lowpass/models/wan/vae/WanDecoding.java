package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lowpass.models.vae.LatentFrameShape;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.tensor.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One video on its way through the decoder of a Wan autoencoder. */
final class WanDecoding implements VideoDecoding {

    private final WanVae vae;
    private final NDManager memory;
    private final Stage stages;
    private final LatentFrameShape shape;

    WanDecoding(WanVae vae, List<Layer> layers) {
        this.vae = vae;
        this.memory = vae.newMemory();
        this.shape = new LatentFrameShape(vae.latentChannels());
        this.stages = new StageChain(layers, memory);
    }

    @Override
    public Optional<NDArray> next(NDManager owner, NDArray latents) {
        shape.require(latents.getShape());
        try (NDArray denormalised = vae.denormalise(memory, latents)) {
            return nextDenormalised(owner, denormalised);
        }
    }

    @Override
    public Optional<NDArray> nextDenormalised(NDManager owner, NDArray latents) {
        shape.require(latents.getShape());
        List<NDArray> frames = new ArrayList<>();
        // A scope of its own: what stages keep must not end with a scope of the caller.
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            stages.push(vae.received(memory, latents.squeeze(2)), frames::add);
            NDArray[] all = frames.toArray(NDArray[]::new);
            return Optional.of(Arrays.keep(VaeKernels.COMPILED.call(owner, "joined", (Object) all), owner));
        }
    }

    @Override
    public void close() {
        memory.close();
    }

    /** Number of arrays that are kept for the frames to come. */
    int held() {
        return memory.getManagedArrays().size();
    }
}
