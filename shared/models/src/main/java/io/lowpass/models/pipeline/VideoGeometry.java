package io.lowpass.models.pipeline;

import ai.djl.ndarray.types.Shape;
import io.lowpass.models.vae.VaeConfig;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Which videos a model can make, and the shape of their latents: what follows from the patches of its transformer and
 * the factors of its autoencoder.
 *
 * @param height in pixels
 * @param width in pixels
 * @param frames number of frames; one more than a multiple
 * @param channels of the latents
 * @param spatialFactor pixels per latent cell, along height and width
 * @param latentFrames latent frames of a number of frames
 */
public record VideoGeometry(
        Axis height, Axis width, Axis frames, int channels, int spatialFactor, IntToLongFunction latentFrames) {

    /**
     * What an axis may have.
     *
     * @param multiple of which it must be one
     * @param smallest of more than a single frame
     * @param largest that the transformer's positions allow
     */
    public record Axis(int multiple, int smallest, long largest) {

        /** From one multiple on. */
        public static Axis upTo(int multiple, long largest) {
            return new Axis(multiple, multiple, largest);
        }

        private void require(String name, int value) {
            if (value < smallest || value > largest || value % multiple != 0) {
                String which = multiple == 1 ? "" : "a multiple of " + multiple + ", from ";
                throw new IllegalArgumentException(
                        name + " is " + value + ", allowed is " + which + smallest + " to " + largest);
            }
        }

        private void requireFrames(int value) {
            boolean counted = value == 1 || (value >= smallest && value <= largest);
            if (!counted || (value - 1) % multiple != 0) {
                String which = multiple == 1 ? "" : multiple + "n + 1, from ";
                String fewest = smallest == 1 ? "1" : "1, or " + smallest;
                throw new IllegalArgumentException(
                        "numFrames is " + value + ", allowed is " + which + fewest + " to " + largest);
            }
        }
    }

    /**
     * The geometry of a causal autoencoder, whose first latent frame holds one frame.
     *
     * @param patch latent cells of one token: frames, height, width
     * @param longestAxis most tokens along one axis
     */
    public static VideoGeometry causal(VaeConfig vae, List<Integer> patch, long longestAxis) {
        int height = vae.spatialFactor() * patch.get(1);
        int width = vae.spatialFactor() * patch.get(2);
        int frames = vae.temporalFactor();
        return new VideoGeometry(
                Axis.upTo(height, longestAxis * height),
                Axis.upTo(width, longestAxis * width),
                new Axis(frames, 1, (longestAxis - 1) * frames + 1),
                vae.latentChannels(),
                vae.spatialFactor(),
                count -> (count - 1L) / frames + 1);
    }

    /**
     * Refuses a video that the model cannot make.
     *
     * @throws IllegalArgumentException naming height, width or frames, the value and what is allowed
     */
    public void require(int pixelsHigh, int pixelsWide, int count) {
        height.require("height", pixelsHigh);
        width.require("width", pixelsWide);
        frames.requireFrames(count);
    }

    /** The shape of the latents of a video: (1, channels, frames, height, width). */
    public Shape latents(int pixelsHigh, int pixelsWide, int count) {
        return new Shape(
                1, channels, latentFrames.applyAsLong(count), pixelsHigh / spatialFactor, pixelsWide / spatialFactor);
    }
}
