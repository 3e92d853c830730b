package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;

/** One video on its way from latents to frames. For one thread; closed with the video. */
public interface VideoDecoding extends AutoCloseable {

    /**
     * Decodes the next latent frame, as the sampler leaves it.
     *
     * @param owner the manager that the result belongs to
     * @param latents normalised latents, f32, shape (1, channels, 1, height, width)
     * @return the frames that are ready, f32, shape (frames, 3, height, width), clamped to -1..1; nothing where a family
     *     decodes several latent frames at once and has not got them all
     * @throws IllegalArgumentException if the shape is another, or not that of the latent frames before
     */
    Optional<NDArray> next(NDManager owner, NDArray latents);

    /**
     * Decodes the next latent frame in the autoencoder's own scale.
     *
     * @param owner the manager that the result belongs to
     * @param latents latents with mean and standard deviation put back, f32, shape (1, channels, 1, height, width)
     * @return as {@link #next}
     */
    Optional<NDArray> nextDenormalised(NDManager owner, NDArray latents);

    @Override
    void close();
}
