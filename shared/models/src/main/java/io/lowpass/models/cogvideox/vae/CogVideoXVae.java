package io.lowpass.models.cogvideox.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.models.vae.VaeNetwork;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;

/**
 * The causal video autoencoder of CogVideoX ({@code AutoencoderKLCogVideoX}), decoding two latent frames at a time and
 * one more in the first batch of an odd number, as the reference does.
 *
 * <p>The decoder's weights are made ready when it is opened, those of the encoder when the first video is encoded.
 */
public final class CogVideoXVae implements VideoVae {

    private final CogVideoXVaeConfig config;
    private final VaeNetwork<Layer> network;
    private final int span;

    private CogVideoXVae(CogVideoXVaeConfig config, VaeNetwork<Layer> network, int span) {
        this.config = config;
        this.network = network;
        this.span = span;
    }

    /**
     * Opens a component folder.
     *
     * @param folder with {@code config.json} and weights
     * @param device where to compute
     * @param precision in which to compute, or f32 where the device cannot; what goes in and out is f32
     * @param span latent frames of one token of the transformer: where their number does not suit a video, latents begin
     *     with frames that only make it do so
     * @throws IllegalArgumentException if the configuration is not understood, or a parameter is missing, unexpected or
     *     misshapen
     */
    public static CogVideoXVae open(Path folder, Device device, Precision precision, int span) {
        CogVideoXVaeConfig config = CogVideoXVaeConfig.of(ComponentConfig.read(folder));
        VaeLayout<Layer> layout = CogVideoXVaeLayout.of(config);
        return new CogVideoXVae(config, VaeNetwork.open(folder, layout, VaeKernels.COMPILED, device, precision), span);
    }

    @Override
    public int latentChannels() {
        return config.latentChannels();
    }

    @Override
    public int spatialFactor() {
        return config.spatialFactor();
    }

    @Override
    public int temporalFactor() {
        return config.temporalFactor();
    }

    @Override
    public Device device() {
        return network.device();
    }

    @Override
    public VideoDecoding decode(VideoSpec spec) {
        int latents = (spec.frames() - 1) / config.temporalFactor() + 1;
        return new CogVideoXDecoding(this, network.decoder(), latents, (span - latents % span) % span);
    }

    /**
     * Encodes a whole video, in batches of eight frames and one more in the first batch of an odd number.
     *
     * @param manager the manager that the result belongs to
     * @param frames f32, shape (1, 3, frames, height, width), -1 to 1
     * @return the latent frames' distributions, in the autoencoder's own scale
     * @throws IllegalArgumentException if the number of frames is not 1, 8n or 8n + 1
     */
    public LatentDistribution encode(NDManager manager, NDArray frames) {
        return new CogVideoXEncoding(this, network.encoder()).encode(manager, frames);
    }

    @Override
    public void close() {
        network.close();
    }

    NDManager newMemory() {
        return network.owner().newSubManager();
    }

    double scalingFactor() {
        return config.scalingFactor();
    }

    /** A frame as the layers take it: a copy, channels last, in the precision and on the device of the weights. */
    NDArray received(NDManager memory, NDArray frame, double factor) {
        return network.received(memory, frame, factor);
    }
}
