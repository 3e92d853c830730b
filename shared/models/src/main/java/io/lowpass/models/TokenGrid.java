package io.lowpass.models;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * The tokens of a video.
 *
 * @param frames tokens along time
 * @param height tokens along height
 * @param width tokens along width
 */
public record TokenGrid(long frames, long height, long width) {

    private static final int RANK = 5;

    /**
     * The tokens of latents.
     *
     * @param latents shape (1, channels, frames, height, width)
     * @param channels of the latents that the model takes
     * @param patch latent cells of one token: frames, height, width
     * @param longestAxis most tokens along one axis
     * @throws IllegalArgumentException if the model cannot take latents of that shape, with the axis
     */
    public static TokenGrid of(Shape latents, int channels, List<Integer> patch, int longestAxis) {
        if (latents.dimension() != RANK || latents.get(0) != 1 || latents.get(1) != channels) {
            throw new IllegalArgumentException(
                    "latents have shape " + latents + ", expected (1, " + channels + ", frames, height, width)");
        }
        return new TokenGrid(
                axis("frames", latents.get(2), patch.get(0), longestAxis),
                axis("height", latents.get(3), patch.get(1), longestAxis),
                axis("width", latents.get(4), patch.get(2), longestAxis));
    }

    /** Number of tokens. */
    public long tokens() {
        return frames * height * width;
    }

    /** Tokens along frames, height, width. */
    public long[] sizes() {
        return new long[] {frames, height, width};
    }

    private static long axis(String name, long size, int patch, int longestAxis) {
        if (size < patch || size % patch != 0 || size / patch > longestAxis) {
            throw new IllegalArgumentException("latent " + name + " of " + size + " is not a multiple of " + patch
                    + " from " + patch + " to " + (long) patch * longestAxis);
        }
        return size / patch;
    }
}
