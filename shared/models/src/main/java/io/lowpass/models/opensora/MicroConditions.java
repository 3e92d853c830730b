package io.lowpass.models.opensora;

import io.lowpass.diffusion.Clip;

/**
 * What an Open-Sora transformer is told of the video besides its caption.
 *
 * @param height in pixels, as it was asked for: latents may cover a few pixels less
 * @param width in pixels, likewise
 * @param fps frames per second
 */
public record MicroConditions(double height, double width, double fps) {

    /** The frame rate that stands for a picture. */
    private static final double PICTURE = 120;

    /** Those of a clip; a single frame is a picture, whatever rate was asked for. */
    public static MicroConditions of(Clip clip) {
        return new MicroConditions(clip.height(), clip.width(), clip.frames() == 1 ? PICTURE : clip.fps());
    }
}
