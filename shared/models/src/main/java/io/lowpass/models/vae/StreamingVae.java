package io.lowpass.models.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.tensor.Kernels;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * An autoencoder that decodes a video batch by batch, in memory that does not grow with the video's length. A family says
 * what its latents are scaled by, which of them are decoded together, and how.
 *
 * @param <C> its settings
 */
public abstract class StreamingVae<C extends VaeConfig> implements VideoVae {

    private final C config;
    private final VaeNetwork network;

    /** Joins what belongs together; the network is closed with this object. */
    protected StreamingVae(C config, VaeNetwork network) {
        this.config = config;
        this.network = network;
    }

    /** Latents in the autoencoder's own scale, from latents as the transformer knows them. */
    protected abstract NDArray denormalised(NDManager memory, NDArray latents);

    /** Which latent frames of a video are decoded together. */
    protected abstract Iterator<Span> batches(VideoSpec spec);

    /** The decoder of one video, whose arrays belong to {@code memory}. */
    protected abstract BatchDecoder decoder(NDManager memory, VideoSpec spec);

    /** The settings. */
    public final C config() {
        return config;
    }

    @Override
    public final int latentChannels() {
        return config.latentChannels();
    }

    @Override
    public final int spatialFactor() {
        return config.spatialFactor();
    }

    @Override
    public final int temporalFactor() {
        return config.temporalFactor();
    }

    @Override
    public final Device device() {
        return network.device();
    }

    @Override
    public final VideoDecoding decode(VideoSpec spec) {
        NDManager memory = newMemory();
        return new BatchDecoding(
                memory,
                latentChannels(),
                latents -> denormalised(memory, latents),
                batches(spec),
                decoder(memory, spec));
    }

    @Override
    public final void close() {
        network.close();
    }

    /** The layers and what opens them. */
    protected final VaeNetwork network() {
        return network;
    }

    /** A manager for one video. */
    protected final NDManager newMemory() {
        return network.owner().newSubManager();
    }

    /**
     * A decoder whose layers take the frames of a batch one by one.
     *
     * @param kernels has {@code joined}, which makes one array of the frames that come out
     */
    protected final BatchDecoder frameByFrame(NDManager memory, Kernels kernels) {
        OpenLayers layers = new OpenLayers(network.decoder());
        return (latents, span, last) -> {
            List<NDArray> frames = received(memory, latents);
            Batch batch = network.batch(memory, frames);
            // The first layer closes its frames; norms look at the same ones to the end.
            List<NDArray> results = layers.through(batch, received(memory, latents));
            return Optional.of(kernels.call(memory, "joined", results));
        };
    }

    private List<NDArray> received(NDManager memory, List<NDArray> latents) {
        return latents.stream()
                .map(frame -> network.received(memory, frame.squeeze(2)))
                .toList();
    }
}
