package io.lowpass.models.wan.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.VaeLayout;
import io.lowpass.models.vae.VaeNetwork;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoEncoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.List;

/**
 * The causal video autoencoder of Wan 2.1 ({@code AutoencoderKLWan}; Wan Team, 2025, section 4.1).
 *
 * <p>The decoder's weights are made ready when it is opened, those of the encoder when the first video is encoded.
 */
public final class WanVae implements VideoVae {

    private final WanVaeConfig config;
    private final VaeNetwork<Layer> network;
    private final NDArray mean;
    private final NDArray std;

    private WanVae(WanVaeConfig config, VaeNetwork<Layer> network) {
        this.config = config;
        this.network = network;
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
        VaeLayout<Layer> layout = WanVaeLayout.of(config);
        return new WanVae(config, VaeNetwork.open(folder, layout, VaeKernels.COMPILED, device, precision));
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
        return network.device();
    }

    @Override
    public VideoDecoding decode(VideoSpec spec) {
        return new WanDecoding(this, network.decoder());
    }

    /** Starts to encode one video. */
    public VideoEncoding encode() {
        return new WanEncoding(this, network.encoder());
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
        network.close();
    }

    NDManager newMemory() {
        return network.owner().newSubManager();
    }

    /** A frame as the layers take it: a copy, channels last, in the precision and on the device of the weights. */
    NDArray received(NDManager memory, NDArray frame) {
        return network.received(memory, frame);
    }

    private NDArray perChannel(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDManager owner = network.owner();
            return Arrays.keep(owner.create(floats, new Shape(1, floats.length, 1, 1, 1)), owner);
        }
    }
}
