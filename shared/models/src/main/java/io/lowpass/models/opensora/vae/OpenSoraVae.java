package io.lowpass.models.opensora.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.KernelLayer;
import io.lowpass.models.vae.PartWeights;
import io.lowpass.models.vae.VideoDecoding;
import io.lowpass.models.vae.VideoVae;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;

/**
 * The autoencoder of Open-Sora 1.2 (official class {@code VideoAutoencoderPipeline}). Its temporal part decodes chunks
 * of frames that know nothing of each other, its spatial part single frames. Only decoders are loaded.
 */
public final class OpenSoraVae implements VideoVae {

    /** Out of which the official code takes spatial latents, whatever factor the spatial autoencoder's settings name. */
    private static final double SPATIAL_SCALE = 0.18215;

    /** Compiled once in a process: no state. */
    private static final Kernels KERNELS = Kernels.compile(OpenSoraVae.class, "opensora-vae.torchscript");

    private final OpenSoraVaeConfig config;
    private final NDManager owner;
    private final List<KernelLayer> temporal;
    private final List<KernelLayer> spatial;
    private final NDArray scale;
    private final NDArray shift;
    private final NDArray like;

    private OpenSoraVae(OpenSoraVaeConfig config, Weights weights) {
        this.config = config;
        this.owner = weights.owner();
        PartWeights source = new PartWeights(weights, KERNELS);
        this.temporal = source.build(OpenSoraVaeLayout.temporalDecoder(config.temporal()));
        this.spatial = source.build(OpenSoraVaeLayout.spatialDecoder(config.spatial()));
        this.scale = weights.take("scale", Precision.F32);
        this.shift = weights.take("shift", Precision.F32);
        this.like = weights.take("temporal_vae.post_quant_conv.conv.bias");
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
    public static OpenSoraVae open(Path folder, Device device, Precision precision) {
        OpenSoraVaeConfig config = OpenSoraVaeConfig.of(ComponentConfig.read(folder));
        return Weights.load(
                folder,
                config.architecture(),
                device,
                precision.arithmeticOn(device),
                weights -> new OpenSoraVae(config, weights));
    }

    /** The settings. */
    public OpenSoraVaeConfig config() {
        return config;
    }

    @Override
    public int latentChannels() {
        return config.latentChannels();
    }

    @Override
    public int spatialFactor() {
        return config.spatial().factor();
    }

    @Override
    public int temporalFactor() {
        return config.temporal().factor();
    }

    @Override
    public Device device() {
        return owner.getDevice();
    }

    @Override
    public VideoDecoding decode(VideoSpec spec) {
        return new OpenSoraDecoding(this, spec.frames());
    }

    @Override
    public void close() {
        owner.close();
    }

    NDManager newMemory() {
        return owner.newSubManager();
    }

    NDArray call(NDManager memory, String kernel, Object... arguments) {
        return KERNELS.call(memory, kernel, arguments);
    }

    /** Latents in the temporal autoencoder's own scale, from latents as the transformer knows them. */
    NDArray denormalised(NDManager memory, NDArray latents) {
        return call(memory, "denormalised", latents, scale, shift);
    }

    /**
     * Decodes one chunk in time.
     *
     * @param latents in their own scale, shape (1, channels, latent frames, height, width)
     * @param frames number of frames of the chunk: those that filled it up in front are dropped
     * @return spatial latents, shape (frames, channels, height, width)
     */
    NDArray temporal(NDManager memory, NDArray latents, int frames) {
        try (NDArray decoded = KernelLayer.through(temporal, memory, call(memory, "received", latents, like))) {
            return call(memory, "behind", decoded, decoded.getShape().get(0) - frames);
        }
    }

    /** Decodes one frame of spatial latents, as {@link #temporal} makes them: shape (1, 3, height, width). */
    NDArray spatial(NDManager memory, NDArray latents, int frame) {
        return KernelLayer.through(spatial, memory, call(memory, "frame", latents, frame, SPATIAL_SCALE));
    }

    /** Latents of the spatial part as its kernels take them, from shape (1, channels, frames, height, width). */
    NDArray received(NDManager memory, NDArray latents) {
        return call(memory, "received", latents, like);
    }
}
