package io.lowpass.diffusion.conditioning;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The specification of the generated video: size, rate, guidance and initial image. It is the same at every step; in a
 * probe only the image is downsampled.
 *
 * @param height height in pixels
 * @param width width in pixels
 * @param frames number of frames
 * @param fps frames per second
 * @param guidance guidance scale
 * @param useDynamicCfg whether the guidance scale changes from step to step
 * @param guidanceScale2 guidance scale of the second of two experts, if it differs
 * @param trueCfgScale scale of classifier-free guidance in addition to embedded guidance
 * @param image the initial image of image-to-video models
 */
public record VideoSpec(
        int height,
        int width,
        int frames,
        double fps,
        double guidance,
        boolean useDynamicCfg,
        OptionalDouble guidanceScale2,
        OptionalDouble trueCfgScale,
        Optional<ImageCondition> image) {

    /** A text-to-video specification with one guidance scale. */
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

    /** Validates the values. */
    public VideoSpec {
        requirePositive("height", height);
        requirePositive("width", width);
        requirePositive("frames", frames);
        if (!(fps > 0) || Double.isInfinite(fps)) {
            throw new IllegalArgumentException("fps is " + fps + ", allowed is a number above 0");
        }
        requireFinite("guidance", guidance);
        guidanceScale2.ifPresent(scale -> requireFinite("guidanceScale2", scale));
        trueCfgScale.ifPresent(scale -> requireFinite("trueCfgScale", scale));
    }

    /** A copy with or without dynamic guidance. */
    public VideoSpec withDynamicCfg(boolean changes) {
        return new VideoSpec(height, width, frames, fps, guidance, changes, guidanceScale2, trueCfgScale, image);
    }

    /** A copy with another guidance scale for the second of two experts. */
    public VideoSpec withGuidanceScale2(double scale) {
        return new VideoSpec(
                height, width, frames, fps, guidance, useDynamicCfg, OptionalDouble.of(scale), trueCfgScale, image);
    }

    /** A copy with classifier-free guidance in addition to embedded guidance. */
    public VideoSpec withTrueCfgScale(double scale) {
        return new VideoSpec(
                height, width, frames, fps, guidance, useDynamicCfg, guidanceScale2, OptionalDouble.of(scale), image);
    }

    /** A copy with an initial image. */
    public VideoSpec from(ImageCondition start) {
        return new VideoSpec(
                height, width, frames, fps, guidance, useDynamicCfg, guidanceScale2, trueCfgScale, Optional.of(start));
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
