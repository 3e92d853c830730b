package io.lowpass.models.vision;

import java.util.Optional;

/**
 * The frames of a video that are given.
 *
 * @param first the frame that the video starts with
 * @param last the frame that it ends with, for models that lead from one to the other
 */
public record GivenFrames(Picture first, Optional<Picture> last) {

    /** A video that starts with an image. */
    public static GivenFrames startingWith(Picture first) {
        return new GivenFrames(first, Optional.empty());
    }
}
