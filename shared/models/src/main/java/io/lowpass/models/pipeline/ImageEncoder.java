package io.lowpass.models.pipeline;

import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.ImageCondition;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.vision.GivenFrames;

/** From images to what an image-to-video transformer takes, as a family's pipeline does it. */
public interface ImageEncoder extends AutoCloseable {

    /**
     * Prepares and encodes the frames that are given. Safe for concurrent calls.
     *
     * @param owner the manager that the result belongs to
     * @param spec the video that is made
     * @throws IllegalArgumentException naming the image that is missing, or given without use, or that cannot be taken
     */
    ImageCondition encode(NDManager owner, GivenFrames frames, VideoSpec spec);

    @Override
    void close();
}
