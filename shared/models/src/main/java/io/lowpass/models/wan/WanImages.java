package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.conditioning.ImageCondition;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.pipeline.ImageEncoder;
import io.lowpass.models.vae.VideoEncoding;
import io.lowpass.models.vision.ClipImageProcessor;
import io.lowpass.models.vision.ClipVisionEncoder;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.models.vision.Picture;
import io.lowpass.models.wan.vae.WanVae;
import io.lowpass.tensor.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The frames that are given, as Wan takes them: the latents of a video of which all other frames are grey, normalised,
 * behind a mask that says for each frame whether it is given; and, for Wan 2.1, the vision encoder's states of the images
 * themselves.
 */
final class WanImages implements ImageEncoder {

    private static final int FRAMES = 2;

    private final WanConfig config;
    private final WanVae vae;
    private final Optional<Vision> vision;

    /** What makes states of an image. */
    record Vision(ClipImageProcessor processor, ClipVisionEncoder encoder) {

        NDArray states(NDManager owner, Picture picture) {
            return encoder.encode(owner, processor.apply(owner, picture));
        }
    }

    /** Joins what belongs together; all is closed with this object. */
    WanImages(WanConfig config, WanVae vae, Optional<Vision> vision) {
        this.config = config;
        this.vae = vae;
        this.vision = vision;
    }

    @Override
    public ImageCondition encode(NDManager owner, GivenFrames given, VideoSpec spec) {
        requireUse(given, spec);
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray latents = latents(owner, given, spec);
            NDArray mask = mask(owner, latents.getShape(), given.last().isPresent());
            NDArray condition = Arrays.keep(mask.concat(latents, 1), owner);
            return new ImageCondition(condition, vision.map(with -> states(owner, given, with)));
        }
    }

    private void requireUse(GivenFrames given, VideoSpec spec) {
        boolean wantsTwo =
                config.image().filter(image -> image.rows().isPresent()).isPresent();
        if (wantsTwo && given.last().isEmpty()) {
            throw new IllegalArgumentException("lastImage is missing: the model leads from one image to another");
        }
        if (given.last().isPresent() && !wantsTwo && vision.isPresent()) {
            throw new IllegalArgumentException("lastImage is given, allowed is none: the model starts from one image");
        }
        if (given.last().isPresent() && spec.frames() < 2) {
            throw new IllegalArgumentException("lastImage is given for one frame, allowed is numFrames of 2 or more");
        }
    }

    private NDArray states(NDManager owner, GivenFrames given, Vision with) {
        NDList states = new NDList();
        Stream.concat(Stream.of(given.first()), given.last().stream())
                .forEach(picture -> states.add(with.states(owner, picture)));
        return Arrays.keep(NDArrays.concat(states, 1), owner);
    }

    /** The mean of what the autoencoder says of the given frames among grey ones, shape (1, channels, frames, h, w). */
    private NDArray latents(NDManager owner, GivenFrames given, VideoSpec spec) {
        NDArray grey = owner.zeros(new Shape(1, config.patch().size(), spec.height(), spec.width()));
        NDList means = new NDList();
        try (VideoEncoding video = vae.encode()) {
            for (int i = 0; i < spec.frames(); i++) {
                NDArray frame = given(given, i, spec)
                        .map(picture ->
                                picture.resized(spec.width(), spec.height()).frame(owner))
                        .orElse(grey);
                video.next(owner, frame).ifPresent(latent -> means.add(latent.mean()));
            }
        }
        return vae.normalised(owner, NDArrays.concat(means, FRAMES));
    }

    private static Optional<Picture> given(GivenFrames given, int frame, VideoSpec spec) {
        if (frame == 0) {
            return Optional.of(given.first());
        }
        return frame == spec.frames() - 1 ? given.last() : Optional.empty();
    }

    /**
     * One channel for each frame of a latent frame. The first latent frame holds one frame, which counts for all of its
     * channels; the last frame is in the last channel of the last latent frame.
     */
    private NDArray mask(NDManager owner, Shape latents, boolean last) {
        int channels = vae.temporalFactor();
        int frames = (int) latents.get(FRAMES);
        int cells = (int) (latents.get(3) * latents.get(4));
        float[] mask = new float[channels * frames * cells];
        for (int channel = 0; channel < channels; channel++) {
            int start = channel * frames * cells;
            java.util.Arrays.fill(mask, start, start + cells, 1);
        }
        if (last) {
            java.util.Arrays.fill(mask, mask.length - cells, mask.length, 1);
        }
        return owner.create(mask, new Shape(1, channels, frames, latents.get(3), latents.get(4)));
    }

    @Override
    public void close() {
        vae.close();
        vision.ifPresent(with -> with.encoder().close());
    }
}
