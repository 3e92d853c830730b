package io.lowpass.models.opensora.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.models.vae.LatentFrameShape;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.tensor.Arrays;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One video on its way through Open-Sora's decoders: latent frames are kept until their chunk is complete. */
final class OpenSoraDecoding implements VideoDecoding {

    private final OpenSoraVae vae;
    private final NDManager memory;
    private final List<NDArray> waiting = new ArrayList<>();
    private int framesLeft;
    private final LatentFrameShape shape;

    OpenSoraDecoding(OpenSoraVae vae, int frames) {
        this.vae = vae;
        this.memory = vae.newMemory();
        this.shape = new LatentFrameShape(vae.latentChannels());
        this.framesLeft = frames;
    }

    @Override
    public Optional<NDArray> next(NDManager owner, NDArray latents) {
        requireExpected(latents.getShape());
        try (NDArray denormalised = vae.denormalised(memory, latents)) {
            return nextDenormalised(owner, denormalised);
        }
    }

    @Override
    public Optional<NDArray> nextDenormalised(NDManager owner, NDArray latents) {
        requireExpected(latents.getShape());
        waiting.add(Arrays.keep(vae.call(memory, "copied", latents), memory));
        int frames = Math.min(vae.config().chunk(), framesLeft);
        if (waiting.size() < vae.config().temporal().latentFrames(frames)) {
            return Optional.empty();
        }
        framesLeft -= frames;
        return Optional.of(chunk(owner, frames));
    }

    @Override
    public void close() {
        memory.close();
    }

    /** Number of arrays that are kept for the frames to come. */
    int held() {
        return memory.getManagedArrays().size();
    }

    private NDArray chunk(NDManager owner, int frames) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray together = vae.call(memory, "side_by_side", waiting);
            waiting.forEach(NDArray::close);
            waiting.clear();
            NDArray spatial = vae.temporal(memory, together, frames);
            List<NDArray> decoded = new ArrayList<>();
            for (int i = 0; i < frames; i++) {
                decoded.add(vae.spatial(memory, spatial, i));
            }
            return Arrays.keep(vae.call(owner, "clamped", decoded), owner);
        }
    }

    private void requireExpected(Shape given) {
        shape.require(given);
        if (framesLeft == 0) {
            throw new IllegalArgumentException("all frames of the video are decoded, one more latent frame came");
        }
    }
}
