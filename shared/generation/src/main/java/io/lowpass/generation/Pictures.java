package io.lowpass.generation;

import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.image.RgbImage;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.models.vision.Picture;
import java.util.Optional;

/** The images of a job as pixels. */
public final class Pictures {

    private Pictures() {}

    /**
     * Decodes what a job gives.
     *
     * @throws IllegalArgumentException if an image cannot be decoded
     */
    public static Optional<GivenFrames> of(Job job) {
        return job.image("image").map(first -> decode(first, job.image("lastImage")));
    }

    /**
     * Decodes the images that a video starts with and, where there is a second, ends with.
     *
     * @throws IllegalArgumentException if an image cannot be decoded
     */
    public static GivenFrames decode(InlineImage first, Optional<InlineImage> last) {
        return new GivenFrames(decode(first), last.map(Pictures::decode));
    }

    private static Picture decode(InlineImage image) {
        RgbImage levels = image.decode();
        return new Picture(levels.width(), levels.height(), levels.rgb());
    }
}
