package io.lowpass.models.cogvideox.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.Clip;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.LatentDistribution;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Devices;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The causal video autoencoder of CogVideoX ({@code AutoencoderKLCogVideoX}), decoding two latent frames at a time and
 * one more in the first batch of an odd number, as the reference does.
 *
 * <p>The decoder's weights are made ready when it is opened, those of the encoder when the first video is encoded.
 */
public final class CogVideoXVae implements VideoVae {

    private final CogVideoXVaeConfig config;
    private final NDManager owner;
    private final Precision precision;
    private final int span;
    private final Weights weights;
    private final List<Layer> decoder;
    private @Nullable List<Layer> encoder;

    private CogVideoXVae(CogVideoXVaeConfig config, NDManager owner, Precision precision, int span, Weights weights) {
        this.config = config;
        this.owner = owner;
        this.precision = precision;
        this.span = span;
        this.weights = weights;
        this.decoder = build(CogVideoXVaeLayout.decoder(config));
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
        NDManager owner = NDManager.newBaseManager(device, "PyTorch");
        try {
            Precision arithmetic = precision.arithmeticOn(device);
            Weights weights = Weights.open(folder, architecture(config), owner, arithmetic);
            return new CogVideoXVae(config, owner, arithmetic, span, weights);
        } catch (IllegalArgumentException e) {
            owner.close();
            throw e;
        }
    }

    /** Name and shape of every parameter of a configuration. */
    public static Architecture architecture(CogVideoXVaeConfig config) {
        return CogVideoXVaeLayout.architecture(config);
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
        return owner.getDevice();
    }

    @Override
    public VideoDecoding decode(Clip clip) {
        int latents = (clip.frames() - 1) / config.temporalFactor() + 1;
        return new CogVideoXDecoding(this, decoder, latents, (span - latents % span) % span);
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
        return new CogVideoXEncoding(this, encoderLayers()).encode(manager, frames);
    }

    @Override
    public void close() {
        weights.close();
        owner.close();
    }

    NDManager newMemory() {
        return owner.newSubManager();
    }

    double scalingFactor() {
        return config.scalingFactor();
    }

    /** A frame as the layers take it: a copy, channels last, in the precision and on the device of the weights. */
    NDArray received(NDManager memory, NDArray frame, double factor) {
        String device = Devices.torchName(device());
        return VaeKernels.COMPILED.call(memory, "received", frame, device, precision.torch(), factor);
    }

    private synchronized List<Layer> encoderLayers() {
        List<Layer> known = encoder;
        if (known == null) {
            known = build(CogVideoXVaeLayout.encoder(config));
            weights.requireAllTaken();
            encoder = known;
        }
        return known;
    }

    private List<Layer> build(List<Part> parts) {
        PartWeights source = new PartWeights(weights, owner);
        return parts.stream().map(part -> part.build(source)).toList();
    }
}
