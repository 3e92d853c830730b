package io.lowpass.models.opensora;

import io.lowpass.diffusion.conditioning.VideoSpec;

/**
 * What an Open-Sora transformer takes about the video besides its caption.
 *
 * @param height in pixels, as it was asked for: latents may cover a few pixels less
 * @param width in pixels, likewise
 * @param fps frames per second
 */
public record MicroConditions(double height, double width, double fps) {

    /** The frame rate that stands for a picture. */
    private static final double PICTURE = 120;

    /** The conditions of a video; a single frame is a picture, whatever its rate. */
    public static MicroConditions of(VideoSpec spec) {
        return new MicroConditions(spec.height(), spec.width(), spec.frames() == 1 ? PICTURE : spec.fps());
    }
}
