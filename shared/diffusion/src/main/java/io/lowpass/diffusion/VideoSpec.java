package io.lowpass.diffusion;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The video that a generation makes, for models that are told of it: Open-Sora's size and rate, HunyuanVideo's embedded
 * guidance, the image that Wan starts from. The same at every step, and in a probe of smaller latents but for the image,
 * which is made as small.
 *
 * @param height pixels
 * @param width pixels
 * @param frames number of frames
 * @param fps frames per second
 * @param guidance the guidance scale that was asked for
 * @param dynamicGuidance whether that scale changes from step to step
 * @param laterGuidance the guidance scale of the second of two experts, where it was asked for
 * @param trueGuidance the scale of classifier-free guidance on top, of a model that is told of its guidance scale
 * @param image what the video starts from, where the model makes videos from images
 */
public record VideoSpec(
        int height,
        int width,
        int frames,
        double fps,
        double guidance,
        boolean dynamicGuidance,
        OptionalDouble laterGuidance,
        OptionalDouble trueGuidance,
        Optional<ImageCondition> image) {

    /** A video made from a prompt alone, with one guidance scale. */
    public VideoSpec(int height, int width, int frames, double fps, double guidance) {
        this(
                height,
                width,
                frames,
                fps,
                guidance,
                false,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                Optional.empty());
    }

    /** Checks that everything is there. */
    public VideoSpec {
        requirePositive("height", height);
        requirePositive("width", width);
        requirePositive("frames", frames);
        if (!(fps > 0) || Double.isInfinite(fps)) {
            throw new IllegalArgumentException("fps is " + fps + ", allowed is a number above 0");
        }
        requireFinite("guidance", guidance);
        laterGuidance.ifPresent(scale -> requireFinite("laterGuidance", scale));
        trueGuidance.ifPresent(scale -> requireFinite("trueGuidance", scale));
    }

    /** The same with a guidance scale that changes from step to step, or not. */
    public VideoSpec withDynamicGuidance(boolean changes) {
        return new VideoSpec(height, width, frames, fps, guidance, changes, laterGuidance, trueGuidance, image);
    }

    /** The same with a guidance scale of its own for the second of two experts. */
    public VideoSpec withLaterGuidance(double scale) {
        return new VideoSpec(
                height, width, frames, fps, guidance, dynamicGuidance, OptionalDouble.of(scale), trueGuidance, image);
    }

    /** The same with classifier-free guidance on top of what the model is told. */
    public VideoSpec withTrueGuidance(double scale) {
        return new VideoSpec(
                height, width, frames, fps, guidance, dynamicGuidance, laterGuidance, OptionalDouble.of(scale), image);
    }

    /** The same, starting from an image. */
    public VideoSpec from(ImageCondition start) {
        return new VideoSpec(
                height, width, frames, fps, guidance, dynamicGuidance, laterGuidance, trueGuidance, Optional.of(start));
    }

    private static void requireFinite(String name, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is a finite number");
        }
    }

    private static void requirePositive(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is 1 or more");
        }
    }
}
