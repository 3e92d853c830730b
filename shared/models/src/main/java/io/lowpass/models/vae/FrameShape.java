package io.lowpass.models.vae;

import ai.djl.ndarray.types.Shape;
import org.jspecify.annotations.Nullable;

/** The shape of the latent frames of one video: the first says it, the others must have it. */
final class FrameShape {

    private static final int RANK = 5;

    private final int channels;
    private @Nullable Shape known;

    /** Starts a video whose latents have so many channels. */
    FrameShape(int channels) {
        this.channels = channels;
    }

    /**
     * Refuses another shape.
     *
     * @throws IllegalArgumentException if it is not (1, channels, 1, height, width), or not that of the frames before
     */
    void require(Shape given) {
        boolean fits = given.dimension() == RANK
                && given.get(0) == 1
                && given.get(1) == channels
                && given.get(2) == 1
                && given.size() > 0;
        if (!fits || (known != null && !given.equals(known))) {
            throw new IllegalArgumentException("latents have the shape " + given + ", allowed is "
                    + (known == null ? "(1, " + channels + ", 1, height, width)" : known));
        }
        known = given;
    }
}
