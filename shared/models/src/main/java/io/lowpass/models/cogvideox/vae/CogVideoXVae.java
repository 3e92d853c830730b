package io.lowpass.models.cogvideox.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.BatchDecoder;
import io.lowpass.models.vae.LatentDistribution;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The causal video autoencoder of CogVideoX ({@code AutoencoderKLCogVideoX}), decoding two latent frames at a time and
 * one more in the first batch of an odd number, as the reference does.
 */
public final class CogVideoXVae extends StreamingVae<CogVideoXVaeConfig> {

    private static final int RANK = 5;
    private static final int FRAMES = 2;

    /** Frames that are encoded together, and latent frames that are decoded together. */
    private static final int BATCH = 8;

    private static final int LATENT_BATCH = 2;

    /** Compiled once in a process: no state. */
    private static final Kernels KERNELS = Kernels.compile(CogVideoXVae.class, "cogvideox-vae.torchscript");

    private final int span;

    private CogVideoXVae(CogVideoXVaeConfig config, VaeNetwork network, int span) {
        super(config, network);
        this.span = span;
    }

    /**
     * Opens a component folder; see {@link VaeNetwork#open}.
     *
     * @param span latent frames of one token of the transformer: where their number does not suit a video, latents begin
     *     with frames that only make it do so
     */
    public static CogVideoXVae open(Path folder, Device device, Precision precision, int span) {
        CogVideoXVaeConfig config = CogVideoXVaeConfig.of(ComponentConfig.read(folder));
        return new CogVideoXVae(config, VaeNetwork.open(folder, config.layout(), KERNELS, device, precision), span);
    }

    @Override
    protected NDArray denormalised(NDManager memory, NDArray latents) {
        return KERNELS.call(memory, "denormalised", latents, 1 / config().scalingFactor());
    }

    @Override
    protected Iterator<Span> batches(VideoSpec spec) {
        int latents = (spec.frames() - 1) / temporalFactor() + 1;
        int passedOver = (span - latents % span) % span;
        return spans(latents, LATENT_BATCH)
                .map(batch -> new Span(batch.begin() + passedOver, batch.end() + passedOver))
                .iterator();
    }

    @Override
    protected BatchDecoder decoder(NDManager memory, VideoSpec spec) {
        return frameByFrame(memory, KERNELS);
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
        Shape shape = frames.getShape();
        int count = shape.dimension() == RANK ? (int) shape.get(FRAMES) : 0;
        if (count < 1 || (count > 1 && (count < BATCH || count % BATCH > 1))) {
            throw new IllegalArgumentException(
                    "frames have the shape " + shape + ", allowed is (1, 3, 1 or 8n or 8n + 1, height, width)");
        }
        try (NDManager memory = newMemory();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            OpenLayers layers = new OpenLayers(network().encoder());
            List<NDArray> moments = new ArrayList<>();
            spans(count, BATCH).forEach(batch -> {
                List<NDArray> together = IntStream.range(batch.begin(), batch.end())
                        .mapToObj(t -> network().received(memory, frames.get(":, :, {}", t)))
                        .toList();
                moments.addAll(layers.through(network().batch(memory, List.of()), together));
            });
            return LatentDistribution.of(manager, KERNELS, moments);
        }
    }

    /** Batches of equal size, the first of which is one longer where the number of frames is odd. */
    private static Stream<Span> spans(int count, int size) {
        int first = Math.min(count, size + count % size);
        return Stream.concat(
                Stream.of(new Span(0, first)),
                IntStream.iterate(first, begin -> begin < count, begin -> begin + size)
                        .mapToObj(begin -> new Span(begin, begin + size)));
    }
}
