package io.lowpass.models.vae;

import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Precision;

/** What the settings of every autoencoder say. */
public interface VaeConfig {

    /** Channels of the latents. */
    int latentChannels();

    /** Pixels per latent cell, along height and width. */
    int spatialFactor();

    /** Frames per latent frame, but for the first latent frame, which holds one. */
    int temporalFactor();

    /** The layers. */
    VaeLayout layout();

    /** Name and shape of every parameter. */
    default Architecture architecture() {
        return layout().architecture();
    }

    /** Number of values in the parameters that who decodes holds. */
    default long loadedValues() {
        return architecture().size();
    }

    /** An estimate of the bytes that decoding takes at its peak beyond the weights. */
    long decodingBytes(int height, int width, Precision precision);
}
