package io.lowpass.models.wan;

import ai.djl.ndarray.types.Shape;

/**
 * The tokens of a video.
 *
 * @param frames tokens along time
 * @param height tokens along height
 * @param width tokens along width
 */
public record WanGrid(long frames, long height, long width) {

    /**
     * The tokens of latents.
     *
     * @param latents shape (1, channels, frames, height, width)
     * @throws IllegalArgumentException if the model cannot take latents of that shape, with the axis
     */
    public static WanGrid of(WanConfig config, Shape latents) {
        if (latents.dimension() != 5 || latents.get(0) != 1 || latents.get(1) != config.outChannels()) {
            throw new IllegalArgumentException("latents have shape " + latents + ", expected (1, "
                    + config.outChannels() + ", frames, height, width)");
        }
        return new WanGrid(
                axis(config, latents, 0, "frames"),
                axis(config, latents, 1, "height"),
                axis(config, latents, 2, "width"));
    }

    /** Number of tokens. */
    public long tokens() {
        return frames * height * width;
    }

    long[] sizes() {
        return new long[] {frames, height, width};
    }

    private static long axis(WanConfig config, Shape latents, int axis, String name) {
        long size = latents.get(axis + 2);
        int patch = config.patch().get(axis);
        if (size < patch || size % patch != 0 || size / patch > config.longestAxis()) {
            throw new IllegalArgumentException("latent " + name + " of " + size + " is not a multiple of " + patch
                    + " from " + patch + " to " + (long) patch * config.longestAxis());
        }
        return size / patch;
    }
}
