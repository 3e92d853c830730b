package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lowpass.models.vae.LatentFrameShape;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.tensor.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One video on its way through the decoder of a CogVideoX autoencoder. */
final class CogVideoXDecoding implements VideoDecoding {

    private static final int BATCH = 2;

    private final CogVideoXVae vae;
    private final NDManager memory;
    private final List<Stage> stages;
    private final List<NDArray> waiting = new ArrayList<>();
    private final int latents;
    private int passedOver;
    private int decoded;
    private final LatentFrameShape shape;

    /**
     * Starts a video.
     *
     * @param latents number of latent frames that it is decoded from
     * @param passedOver number of those that come before them
     */
    CogVideoXDecoding(CogVideoXVae vae, List<Layer> layers, int latents, int passedOver) {
        this.vae = vae;
        this.memory = vae.newMemory();
        this.shape = new LatentFrameShape(vae.latentChannels());
        this.stages = layers.stream().map(Layer::open).toList();
        this.latents = latents;
        this.passedOver = passedOver;
    }

    @Override
    public Optional<NDArray> next(NDManager owner, NDArray frame) {
        return next(owner, frame, 1 / vae.scalingFactor());
    }

    @Override
    public Optional<NDArray> nextDenormalised(NDManager owner, NDArray frame) {
        return next(owner, frame, 1);
    }

    @Override
    public void close() {
        memory.close();
    }

    /** Number of arrays that are kept for the frames to come. */
    int held() {
        return memory.getManagedArrays().size();
    }

    private Optional<NDArray> next(NDManager owner, NDArray frame, double factor) {
        shape.require(frame.getShape());
        if (passedOver > 0) {
            passedOver--;
            return Optional.empty();
        }
        if (decoded + waiting.size() == latents) {
            throw new IllegalArgumentException("the video has " + latents + " latent frames, there is one more");
        }
        // A scope of its own: what is kept must not end with a scope of the caller.
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            waiting.add(Arrays.keep(vae.received(memory, frame.squeeze(2), factor), memory));
            return waiting.size() < batch() ? Optional.empty() : Optional.of(Arrays.keep(decode(owner), owner));
        }
    }

    /** Number of latent frames in the batch that is waiting. */
    private int batch() {
        if (latents == 1) {
            return 1;
        }
        return decoded == 0 ? BATCH + latents % BATCH : BATCH;
    }

    private NDArray decode(NDManager owner) {
        Batch batch = new Batch(memory, List.copyOf(waiting));
        List<NDArray> frames = batch.latents();
        for (Stage stage : stages) {
            frames = stage.push(batch, frames);
        }
        NDArray joined = VaeKernels.COMPILED.call(owner, "joined", frames);
        decoded += waiting.size();
        waiting.forEach(NDArray::close);
        waiting.clear();
        return joined;
    }
}
