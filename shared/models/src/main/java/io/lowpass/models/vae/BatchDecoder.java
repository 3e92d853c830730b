package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import java.util.List;
import java.util.Optional;

/** The decoder of one video: it gets batches of latent frames in their order. */
@FunctionalInterface
public interface BatchDecoder {

    /**
     * Decodes a batch.
     *
     * @param latents in the autoencoder's own scale, each of shape (1, channels, 1, height, width)
     * @param span which latent frames of the video they are
     * @param last whether no batch follows
     * @return the frames that no later batch changes, f32, shape (frames, 3, height, width), if there are any
     */
    Optional<NDArray> decode(List<NDArray> latents, Span span, boolean last);
}
