package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Optional;

/** One video on its way from frames to latents. For one thread; closed with the video. */
public interface VideoEncoding extends AutoCloseable {

    /**
     * Encodes the next frame. A latent frame comes out after the first frame, and then after every
     * {@link VideoVae#temporalFactor()} frames.
     *
     * @param owner the manager that the result belongs to
     * @param frame f32, shape (1, 3, height, width), -1 to 1
     * @throws IllegalArgumentException if the shape is another, or not that of the frames before
     */
    Optional<LatentDistribution> next(NDManager owner, NDArray frame);

    @Override
    void close();
}
