package io.lowpass.models.wan.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.Clip;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoEncoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Devices;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The causal video autoencoder of Wan 2.1 ({@code AutoencoderKLWan}; Wan Team, 2025, section 4.1).
 *
 * <p>The decoder's weights are made ready when it is opened, those of the encoder when the first video is encoded.
 */
public final class WanVae implements VideoVae {

    private final WanVaeConfig config;
    private final NDManager owner;
    private final Precision precision;
    private final Weights weights;
    private final List<Layer> decoder;
    private final NDArray mean;
    private final NDArray std;
    private @Nullable List<Layer> encoder;

    private WanVae(WanVaeConfig config, NDManager owner, Precision precision, Weights weights) {
        this.config = config;
        this.owner = owner;
        this.precision = precision;
        this.weights = weights;
        this.decoder = build(WanVaeLayout.decoder(config));
        this.mean = perChannel(config.latentsMean());
        this.std = perChannel(config.latentsStd());
    }

    /**
     * Opens a component folder.
     *
     * @param folder with {@code config.json} and weights
     * @param device where to compute
     * @param precision in which to compute, or f32 where the device cannot; what goes in and out is f32
     * @throws IllegalArgumentException if the configuration is not understood, or a parameter is missing, unexpected or
     *     misshapen
     */
    public static WanVae open(Path folder, Device device, Precision precision) {
        WanVaeConfig config = WanVaeConfig.of(ComponentConfig.read(folder));
        NDManager owner = NDManager.newBaseManager(device, "PyTorch");
        try {
            Precision arithmetic = precision.arithmeticOn(device);
            Weights weights = Weights.open(folder, architecture(config), owner, arithmetic);
            return new WanVae(config, owner, arithmetic, weights);
        } catch (IllegalArgumentException e) {
            owner.close();
            throw e;
        }
    }

    /** Name and shape of every parameter of a configuration. */
    public static Architecture architecture(WanVaeConfig config) {
        return WanVaeLayout.architecture(config);
    }

    /** The settings. */
    public WanVaeConfig config() {
        return config;
    }

    @Override
    public int latentChannels() {
        return config.zDim();
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
        return new WanDecoding(this, decoder);
    }

    /** Starts to encode one video. */
    public VideoEncoding encode() {
        return new WanEncoding(this, encoderLayers());
    }

    /** Latents in the autoencoder's own scale, from latents as the transformer knows them. */
    public NDArray denormalise(NDManager manager, NDArray latents) {
        return VaeKernels.COMPILED.call(manager, "denormalised", latents, mean, std);
    }

    /** Latents as the transformer knows them, from latents in the autoencoder's own scale. */
    public NDArray normalise(NDManager manager, NDArray latents) {
        return VaeKernels.COMPILED.call(manager, "normalised", latents, mean, std);
    }

    @Override
    public void close() {
        weights.close();
        owner.close();
    }

    NDManager newMemory() {
        return owner.newSubManager();
    }

    /** A frame as the layers take it: a copy, channels last, in the precision and on the device of the weights. */
    NDArray received(NDManager memory, NDArray frame) {
        String device = Devices.torchName(device());
        return VaeKernels.COMPILED.call(memory, "received", frame, device, precision.torch());
    }

    private synchronized List<Layer> encoderLayers() {
        List<Layer> known = encoder;
        if (known == null) {
            known = build(WanVaeLayout.encoder(config));
            weights.requireAllTaken();
            encoder = known;
        }
        return known;
    }

    private List<Layer> build(List<Part> parts) {
        PartWeights source = new PartWeights(weights, owner, precision);
        return parts.stream().map(part -> part.build(source)).toList();
    }

    private NDArray perChannel(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return Arrays.keep(owner.create(floats, new Shape(1, floats.length, 1, 1, 1)), owner);
        }
    }
}
