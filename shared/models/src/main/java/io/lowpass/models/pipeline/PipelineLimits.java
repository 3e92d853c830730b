package io.lowpass.models.pipeline;

import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Precision;

/** What a model can make, and what that takes: derived from settings, without weights. */
public interface PipelineLimits {

    /** Height must be a multiple of this. */
    int heightMultiple();

    /** Width must be a multiple of this. */
    int widthMultiple();

    /** The number of frames must be one more than a multiple of this. */
    int frameMultiple();

    /** The fewest frames of a video; a single picture may be made by every model. */
    default int fewestFrames() {
        return 1;
    }

    /** The smallest height. */
    default int smallestHeight() {
        return heightMultiple();
    }

    /** The smallest width. */
    default int smallestWidth() {
        return widthMultiple();
    }

    /** The largest height, which the transformer's positions set. */
    long largestHeight();

    /** The largest width, which the transformer's positions set. */
    long largestWidth();

    /** The largest number of frames, which the transformer's positions set. */
    long mostFrames();

    /**
     * The shape of the latents of a video: (1, channels, frames, height, width).
     *
     * @throws IllegalArgumentException as {@link #requireVideo}
     */
    Shape latents(int height, int width, int frames);

    /** Bytes of the weights that a sampler holds: text encoders and transformer. */
    long samplerWeights(Precision precision);

    /** Bytes of the weights that an encoder holds: the autoencoder. */
    long vaeWeights(Precision precision);

    /**
     * An estimate of the bytes that denoising takes at its peak beyond the weights: activations of one pass, the
     * prompts, the latents; what a cache keeps comes on top.
     *
     * @param branches number of branches of a step: 2 with guidance
     * @param precision of the arithmetic, which may be wider than that of the weights
     * @throws IllegalArgumentException as {@link #requireVideo}
     */
    long denoising(int height, int width, int frames, int branches, Precision precision);

    /**
     * An estimate of the bytes that decoding takes at its peak beyond the weights; it does not grow with the number of
     * frames.
     *
     * @param precision of the arithmetic
     * @throws IllegalArgumentException as {@link #requireVideo}
     */
    long decoding(int height, int width, Precision precision);

    /**
     * Refuses a video that the model cannot make.
     *
     * @throws IllegalArgumentException naming height, width or frames, the value and what is allowed
     */
    default void requireVideo(int height, int width, int frames) {
        requireSide("height", height, heightMultiple(), smallestHeight(), largestHeight());
        requireSide("width", width, widthMultiple(), smallestWidth(), largestWidth());
        boolean counted = frames == 1 || (frames >= fewestFrames() && frames <= mostFrames());
        if (!counted || (frames - 1) % frameMultiple() != 0) {
            String which = frameMultiple() == 1 ? "" : frameMultiple() + "n + 1, from ";
            String fewest = fewestFrames() == 1 ? "1" : "1, or " + fewestFrames();
            throw new IllegalArgumentException(
                    "numFrames is " + frames + ", allowed is " + which + fewest + " to " + mostFrames());
        }
    }

    private static void requireSide(String name, int value, int multiple, int smallest, long largest) {
        if (value < smallest || value > largest || value % multiple != 0) {
            String which = multiple == 1 ? "" : "a multiple of " + multiple + ", from ";
            throw new IllegalArgumentException(
                    name + " is " + value + ", allowed is " + which + smallest + " to " + largest);
        }
    }
}
