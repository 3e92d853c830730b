package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.conditioning.ImageCondition;
import io.lowpass.diffusion.conditioning.VideoSpec;

/** What an image-to-video transformer takes of a video. */
final class WanCondition {

    private static final int CHANNELS = 1;

    private WanCondition() {}

    /**
     * The latents with the condition's channels behind their own.
     *
     * @throws IllegalArgumentException if the video has no image and the transformer needs one, or the other way round,
     *     or their sizes differ
     */
    static NDArray appended(WanConfig config, NDArray latents, VideoSpec spec) {
        if (config.conditionChannels() == 0) {
            if (spec.image().isPresent()) {
                throw new IllegalArgumentException("image is given, allowed is none: in_channels, "
                        + config.inChannels() + ", are the latents' alone");
            }
            return latents;
        }
        NDArray condition = image(spec).latents();
        Shape size = latents.getShape();
        Shape expected = new Shape(1, config.conditionChannels(), size.get(2), size.get(3), size.get(4));
        if (!condition.getShape().equals(expected)) {
            throw new IllegalArgumentException(
                    "the image's latents have shape " + condition.getShape() + ", expected " + expected);
        }
        return latents.concat(condition, CHANNELS);
    }

    /**
     * An image's states.
     *
     * @throws IllegalArgumentException if there are none, or they have another shape
     */
    static NDArray states(WanConfig.Image settings, VideoSpec spec) {
        NDArray states = image(spec)
                .states()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the image's states are missing: image_dim is " + settings.width()));
        Shape shape = states.getShape();
        boolean fits = shape.dimension() == 3
                && shape.get(0) == 1
                && shape.get(2) == settings.width()
                && settings.rows().orElse((int) shape.get(1)) == shape.get(1);
        if (!fits) {
            String rows =
                    settings.rows().isPresent() ? String.valueOf(settings.rows().getAsInt()) : "rows";
            throw new IllegalArgumentException("the image's states have shape " + shape + ", expected (1, " + rows
                    + ", " + settings.width() + ")");
        }
        return states;
    }

    private static ImageCondition image(VideoSpec spec) {
        return spec.image()
                .orElseThrow(() ->
                        new IllegalArgumentException("image is missing: the model makes videos that start from one"));
    }
}
