package io.lowpass.models;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * The tokens of a video.
 *
 * @param frames tokens along time
 * @param height tokens along height
 * @param width tokens along width
 * @param patch latent cells of one token: frames, height, width
 */
public record TokenGrid(long frames, long height, long width, List<Integer> patch) {

    private static final int RANK = 5;

    /** Copies the list. */
    public TokenGrid {
        patch = List.copyOf(patch);
    }

    /**
     * The tokens of latents that are a whole number of patches.
     *
     * @param latents shape (1, channels, frames, height, width)
     * @param channels of the latents that the model takes
     * @param patch latent cells of one token: frames, height, width
     * @throws IllegalArgumentException if the model cannot take latents of that shape, with the axis
     */
    public static TokenGrid of(Shape latents, int channels, List<Integer> patch) {
        requireLatents(latents, channels);
        return new TokenGrid(
                axis("frames", latents.get(2), patch.get(0)),
                axis("height", latents.get(3), patch.get(1)),
                axis("width", latents.get(4), patch.get(2)),
                patch);
    }

    /**
     * The tokens of latents that are padded with zeros at their end to a whole number of patches.
     *
     * @param latents shape (1, channels, frames, height, width)
     * @param channels of the latents that the model takes
     * @param patch latent cells of one token: frames, height, width
     * @throws IllegalArgumentException if the model cannot take latents of that shape
     */
    public static TokenGrid covering(Shape latents, int channels, List<Integer> patch) {
        requireLatents(latents, channels);
        return new TokenGrid(
                covering(latents.get(2), patch.get(0)),
                covering(latents.get(3), patch.get(1)),
                covering(latents.get(4), patch.get(2)),
                patch);
    }

    /**
     * Refuses a video that is longer along an axis than a model has positions.
     *
     * @param longestAxis most tokens along one axis
     * @throws IllegalArgumentException naming the axis
     */
    public TokenGrid requireAtMost(long longestAxis) {
        requireAtMost("frames", frames, patch.get(0), longestAxis);
        requireAtMost("height", height, patch.get(1), longestAxis);
        requireAtMost("width", width, patch.get(2), longestAxis);
        return this;
    }

    /** Number of tokens. */
    public long tokens() {
        return frames * area();
    }

    /** Number of tokens of one frame. */
    public long area() {
        return height * width;
    }

    /** Tokens along frames, height, width. */
    public long[] sizes() {
        return new long[] {frames, height, width};
    }

    /** Latent cells of one token along frames, height, width. */
    public long[] patchSizes() {
        return patch.stream().mapToLong(Integer::longValue).toArray();
    }

    /** Zeros in front of and behind latents, along width, height and frames, which is the order of torch. */
    public long[] padding(Shape latents) {
        return new long[] {
            0,
            width * patch.get(2) - latents.get(4),
            0,
            height * patch.get(1) - latents.get(3),
            0,
            frames * patch.get(0) - latents.get(2)
        };
    }

    private static void requireLatents(Shape latents, int channels) {
        if (latents.dimension() != RANK || latents.get(0) != 1 || latents.get(1) != channels || latents.size() == 0) {
            throw new IllegalArgumentException(
                    "latents have shape " + latents + ", expected (1, " + channels + ", frames, height, width)");
        }
    }

    private static long axis(String name, long size, int patch) {
        if (size % patch != 0) {
            throw new IllegalArgumentException("latent " + name + " of " + size + " is not a multiple of " + patch);
        }
        return size / patch;
    }

    private static long covering(long size, int patch) {
        return (size + patch - 1) / patch;
    }

    private static void requireAtMost(String name, long tokens, int patch, long longestAxis) {
        if (tokens > longestAxis) {
            throw new IllegalArgumentException("latent " + name + " of " + tokens * patch + " is not a multiple of "
                    + patch + " from " + patch + " to " + patch * longestAxis);
        }
    }
}
