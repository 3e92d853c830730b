package io.lowpass.generation;

import io.lowpass.contracts.InlineImage;
import io.lowpass.contracts.Job;
import io.lowpass.contracts.image.RgbImage;
import io.lowpass.models.vision.GivenFrames;
import io.lowpass.models.vision.Picture;
import java.util.Optional;

/** The images of a job as pixels. */
public final class JobImages {

    private JobImages() {}

    /**
     * Decodes the images of a job, if it has any.
     *
     * @throws IllegalArgumentException if an image cannot be decoded
     */
    static Optional<GivenFrames> of(Job job) {
        return job.image("image").map(first -> decode(first, job.image("lastImage")));
    }

    /**
     * Decodes the first and, if given, the last image of a video.
     *
     * @throws IllegalArgumentException if an image cannot be decoded
     */
    public static GivenFrames decode(InlineImage first, Optional<InlineImage> last) {
        return new GivenFrames(decode(first), last.map(JobImages::decode));
    }

    private static Picture decode(InlineImage image) {
        RgbImage levels = image.decode();
        return new Picture(levels.width(), levels.height(), levels.rgb());
    }
}
