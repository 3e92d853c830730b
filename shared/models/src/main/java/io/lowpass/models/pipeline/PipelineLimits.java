package io.lowpass.models.pipeline;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.vae.VaeConfig;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;
import java.util.stream.Stream;

/** What a model can make, and what that takes: derived from settings, without weights. */
public interface PipelineLimits {

    /** Which videos it can make. */
    VideoGeometry geometry();

    /** Settings of the autoencoder. */
    VaeConfig vae();

    /** The parameters that a sampler holds: those of text encoders and transformer. */
    Stream<Architecture> samplerArchitectures();

    /**
     * An estimate of the bytes that denoising takes at its peak beyond the weights: activations of one pass, the
     * prompts, the latents; what a cache keeps comes on top.
     *
     * @param branches number of branches of a step: 2 with guidance
     * @param precision of the arithmetic, which may be wider than that of the weights
     * @throws IllegalArgumentException as {@link #requireVideo}
     */
    long denoising(int height, int width, int frames, int branches, Precision precision);

    /** Height must be a multiple of this. */
    default int heightMultiple() {
        return geometry().height().multiple();
    }

    /** Width must be a multiple of this. */
    default int widthMultiple() {
        return geometry().width().multiple();
    }

    /** The number of frames must be one more than a multiple of this. */
    default int frameMultiple() {
        return geometry().frames().multiple();
    }

    /** The fewest frames of a video; a single picture may be made by every model. */
    default int fewestFrames() {
        return geometry().frames().smallest();
    }

    /** The smallest height. */
    default int smallestHeight() {
        return geometry().height().smallest();
    }

    /** The smallest width. */
    default int smallestWidth() {
        return geometry().width().smallest();
    }

    /** The largest height, which the transformer's positions set. */
    default long largestHeight() {
        return geometry().height().largest();
    }

    /** The largest width, which the transformer's positions set. */
    default long largestWidth() {
        return geometry().width().largest();
    }

    /** The largest number of frames, which the transformer's positions set. */
    default long mostFrames() {
        return geometry().frames().largest();
    }

    /**
     * Refuses a video that the model cannot make.
     *
     * @throws IllegalArgumentException naming height, width or frames, the value and what is allowed
     */
    default void requireVideo(int height, int width, int frames) {
        geometry().require(height, width, frames);
    }

    /**
     * The shape of the latents of a video: (1, channels, frames, height, width).
     *
     * @throws IllegalArgumentException as {@link #requireVideo}
     */
    default Shape latents(int height, int width, int frames) {
        requireVideo(height, width, frames);
        return geometry().latents(height, width, frames);
    }

    /** Bytes of the weights that a sampler holds: text encoders and transformer. */
    default long samplerWeights(Precision precision) {
        return samplerArchitectures().mapToLong(Architecture::size).sum() * precision.bytes();
    }

    /** Bytes of the weights that an encoder holds: the autoencoder. */
    default long vaeWeights(Precision precision) {
        return vae().loadedValues() * precision.bytes();
    }

    /**
     * An estimate of the bytes that decoding takes at its peak beyond the weights; it does not grow with the number of
     * frames.
     *
     * @param precision of the arithmetic
     * @throws IllegalArgumentException as {@link #requireVideo}
     */
    default long decoding(int height, int width, Precision precision) {
        requireVideo(height, width, 1);
        return vae().decodingBytes(height, width, precision);
    }

    /**
     * Refuses components that do not fit each other.
     *
     * @param value of a field of the transformer's settings
     * @param what the field of another component that it must equal
     * @throws IllegalArgumentException if it is not what is allowed
     */
    static void requireFit(String field, int value, String what, int allowed) {
        if (value != allowed) {
            throw new IllegalArgumentException(
                    "transformer: " + field + " is " + value + ", allowed is " + what + ": " + allowed);
        }
    }

    /**
     * Refuses a transformer of other channels.
     *
     * @param what the field of the autoencoder that gives those that are allowed
     * @throws IllegalArgumentException if they are not what is allowed
     */
    static void requireChannels(int in, int out, String what, int allowedIn, int allowedOut) {
        if (in != allowedIn || out != allowedOut) {
            throw new IllegalArgumentException("transformer: in_channels and out_channels are " + in + " and " + out
                    + ", allowed is the autoencoder's " + what + ": " + allowedIn + " and " + allowedOut);
        }
    }
}
