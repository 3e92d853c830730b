package io.lowpass.models.vae;

import ai.djl.Device;
import io.lowpass.diffusion.conditioning.VideoSpec;

/** A video autoencoder: one implementation per model family. Holds weights only; safe for concurrent videos. */
public interface VideoVae extends AutoCloseable {

    /** Channels of the latents. */
    int latentChannels();

    /** Pixels per latent cell, along height and width. */
    int spatialFactor();

    /** Frames per latent frame, but for the first latent frame, which holds one. */
    int temporalFactor();

    /** Where it computes. */
    Device device();

    /**
     * Starts to decode one video.
     *
     * @param spec the video
     */
    VideoDecoding decode(VideoSpec spec);

    @Override
    void close();
}
