package io.lowpass.models.opensora.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.BatchDecoder;
import io.lowpass.models.vae.OpenLayers;
import io.lowpass.models.vae.Span;
import io.lowpass.models.vae.StreamingVae;
import io.lowpass.models.vae.VaeNetwork;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The autoencoder of Open-Sora 1.2 (official class {@code VideoAutoencoderPipeline}). Its temporal part decodes chunks
 * of frames that know nothing of each other, its spatial part single frames. Only decoders are loaded.
 */
public final class OpenSoraVae extends StreamingVae<OpenSoraVaeConfig> {

    /** Out of which the official code takes spatial latents, whatever factor the spatial autoencoder's settings name. */
    private static final double SPATIAL_SCALE = 0.18215;

    /** Compiled once in a process: no state. */
    private static final Kernels KERNELS = Kernels.compile(OpenSoraVae.class, "opensora-vae.torchscript");

    private final NDArray scale;
    private final NDArray shift;

    private OpenSoraVae(OpenSoraVaeConfig config, VaeNetwork network) {
        super(config, network);
        this.scale = network.parameter("scale");
        this.shift = network.parameter("shift");
    }

    /** Opens a component folder; see {@link VaeNetwork#open}. */
    public static OpenSoraVae open(Path folder, Device device, Precision precision) {
        OpenSoraVaeConfig config = OpenSoraVaeConfig.of(ComponentConfig.read(folder));
        return new OpenSoraVae(config, VaeNetwork.open(folder, config.layout(), KERNELS, device, precision));
    }

    /** Latents in the temporal autoencoder's own scale, from latents as the transformer knows them. */
    @Override
    protected NDArray denormalised(NDManager memory, NDArray latents) {
        return KERNELS.call(memory, "denormalised", latents, scale, shift);
    }

    /** Those of a chunk: fewer in the last one. */
    @Override
    protected Iterator<Span> batches(VideoSpec spec) {
        int latents = config().latentChunk();
        return IntStream.range(0, (spec.frames() + config().chunk() - 1) / config().chunk())
                .mapToObj(i ->
                        new Span(i * latents, i * latents + config().temporal().latentFrames(frames(i, spec))))
                .iterator();
    }

    @Override
    protected BatchDecoder decoder(NDManager memory, VideoSpec spec) {
        return (latents, span, last) -> {
            int frames = frames(span.begin() / config().latentChunk(), spec);
            NDArray chunk = temporal(memory, KERNELS.call(memory, "side_by_side", latents), frames);
            List<NDArray> decoded = new ArrayList<>();
            for (int i = 0; i < frames; i++) {
                decoded.add(spatial(memory, chunk, i));
            }
            return Optional.of(KERNELS.call(memory, "clamped", decoded));
        };
    }

    /** Number of frames of a chunk. */
    private int frames(int chunk, VideoSpec spec) {
        return Math.min(config().chunk(), spec.frames() - chunk * config().chunk());
    }

    /**
     * Decodes one chunk in time.
     *
     * @param latents in their own scale, shape (1, channels, latent frames, height, width)
     * @param frames number of frames of the chunk: those that filled it up in front are dropped
     * @return spatial latents, shape (frames, channels, height, width)
     */
    NDArray temporal(NDManager memory, NDArray latents, int frames) {
        try (NDArray decoded = decoded(memory, 0, received(memory, latents))) {
            return KERNELS.call(memory, "behind", decoded, decoded.getShape().get(0) - frames);
        }
    }

    /** Decodes one frame of spatial latents, as {@link #temporal} makes them: shape (1, 3, height, width). */
    NDArray spatial(NDManager memory, NDArray latents, int frame) {
        return decoded(memory, 1, KERNELS.call(memory, "frame", latents, frame, SPATIAL_SCALE));
    }

    /** Latents of the spatial part as its kernels take them, from shape (1, channels, frames, height, width). */
    NDArray received(NDManager memory, NDArray latents) {
        return network().received(memory, KERNELS.call(memory, "frames", latents));
    }

    private NDArray decoded(NDManager memory, int part, NDArray latents) {
        return new OpenLayers(network().decoder().subList(part, part + 1))
                .through(network().batch(memory, List.of()), List.of(latents))
                .get(0);
    }
}
