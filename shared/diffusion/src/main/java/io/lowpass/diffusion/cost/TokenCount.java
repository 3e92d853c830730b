package io.lowpass.diffusion.cost;

import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * The number of video tokens of a pass, which determines its cost.
 *
 * @param frames tokens along time
 * @param perFrame tokens per frame
 */
public record TokenCount(double frames, double perFrame) {

    /**
     * The tokens of latents.
     *
     * @param latents shape (1, channels, frames, height, width); incomplete patches are padded
     * @param patch latent cells per token: frames, height, width
     */
    public static TokenCount of(Shape latents, List<Integer> patch) {
        return new TokenCount(
                along(latents.get(2), patch.get(0)),
                (double) along(latents.get(3), patch.get(1)) * along(latents.get(4), patch.get(2)));
    }

    /** The total number of tokens. */
    public double count() {
        return frames * perFrame;
    }

    private static long along(long size, int patch) {
        return (size + patch - 1) / patch;
    }
}
