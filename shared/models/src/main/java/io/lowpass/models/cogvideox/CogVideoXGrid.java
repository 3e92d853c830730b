package io.lowpass.models.cogvideox;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.cogvideox.CogVideoXConfig.Positions;

/**
 * The tokens of a video.
 *
 * @param frames tokens along time
 * @param height tokens along height
 * @param width tokens along width
 */
public record CogVideoXGrid(long frames, long height, long width) {

    /**
     * The tokens of latents.
     *
     * @param latents shape (1, channels, frames, height, width)
     * @throws IllegalArgumentException if the model cannot take latents of that shape, with the axis
     */
    public static CogVideoXGrid of(CogVideoXConfig config, Shape latents) {
        if (latents.dimension() != 5 || latents.get(0) != 1 || latents.get(1) != config.inChannels()) {
            throw new IllegalArgumentException("latents have shape " + latents + ", expected (1, " + config.inChannels()
                    + ", frames, height, width)");
        }
        CogVideoXGrid grid = new CogVideoXGrid(
                axis("frames", latents.get(2), config.span()),
                axis("height", latents.get(3), config.side()),
                axis("width", latents.get(4), config.side()));
        if (config.positions() == Positions.ROTARY_AND_LEARNED) {
            require(
                    latents.get(3) == config.sampleHeight() && latents.get(4) == config.sampleWidth(),
                    latents,
                    "height " + config.sampleHeight() + " and width " + config.sampleWidth()
                            + ", for which positions were learned");
        }
        if (config.temporal()) {
            require(
                    grid.height <= config.sampleHeight() / config.side()
                            && grid.width <= config.sampleWidth() / config.side(),
                    latents,
                    "at most height " + config.sampleHeight() + " and width " + config.sampleWidth()
                            + ", up to which positions are counted");
        }
        return grid;
    }

    /** Number of tokens. */
    public long tokens() {
        return frames * height * width;
    }

    long[] sizes() {
        return new long[] {frames, height, width};
    }

    private static long axis(String name, long size, int patch) {
        if (size < patch || size % patch != 0) {
            throw new IllegalArgumentException("latent " + name + " of " + size + " is not a multiple of " + patch);
        }
        return size / patch;
    }

    private static void require(boolean condition, Shape latents, String allowed) {
        if (!condition) {
            throw new IllegalArgumentException("latents have shape " + latents + ", allowed is " + allowed);
        }
    }
}
