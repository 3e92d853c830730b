package io.lowpass.diffusion;

/**
 * The video that a generation makes, for models that are told of it: Open-Sora's size and rate, HunyuanVideo's embedded
 * guidance. The same at every step and in a probe of smaller latents.
 *
 * @param height pixels
 * @param width pixels
 * @param frames number of frames
 * @param fps frames per second
 * @param guidance the guidance scale that was asked for
 */
public record Clip(int height, int width, int frames, double fps, double guidance) {

    /** Checks that everything is there. */
    public Clip {
        requirePositive("height", height);
        requirePositive("width", width);
        requirePositive("frames", frames);
        if (!(fps > 0) || Double.isInfinite(fps)) {
            throw new IllegalArgumentException("fps is " + fps + ", allowed is a number above 0");
        }
        if (!Double.isFinite(guidance)) {
            throw new IllegalArgumentException("guidance is " + guidance + ", allowed is a finite number");
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is 1 or more");
        }
    }
}
