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
        requireSide("height", height, heightMultiple(), largestHeight());
        requireSide("width", width, widthMultiple(), largestWidth());
        if (frames < 1 || frames > mostFrames() || (frames - 1) % frameMultiple() != 0) {
            throw new IllegalArgumentException(
                    "numFrames is " + frames + ", allowed is " + frameMultiple() + "n + 1, from 1 to " + mostFrames());
        }
    }

    private static void requireSide(String name, int value, int multiple, long largest) {
        if (value < multiple || value > largest || value % multiple != 0) {
            throw new IllegalArgumentException(name + " is " + value + ", allowed is a multiple of " + multiple
                    + ", from " + multiple + " to " + largest);
        }
    }
}
