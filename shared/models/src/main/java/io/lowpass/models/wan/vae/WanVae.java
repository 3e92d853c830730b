package io.lowpass.models.wan.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.diffusion.conditioning.VideoSpec;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.vae.BatchDecoder;
import io.lowpass.models.vae.Span;
import io.lowpass.models.vae.StreamingVae;
import io.lowpass.models.vae.VaeNetwork;
import io.lowpass.models.vae.VideoEncoding;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** The causal video autoencoder of Wan 2.1 ({@code AutoencoderKLWan}; Wan Team, 2025, section 4.1). */
public final class WanVae extends StreamingVae<WanVaeConfig> {

    /** Compiled once in a process: no state. */
    static final Kernels KERNELS = Kernels.compile(WanVae.class, "wan-vae.torchscript");

    private final NDArray mean;
    private final NDArray std;

    private WanVae(WanVaeConfig config, VaeNetwork network) {
        super(config, network);
        this.mean = perChannel(config.latentsMean());
        this.std = perChannel(config.latentsStd());
    }

    /** Opens a component folder; see {@link VaeNetwork#open}. */
    public static WanVae open(Path folder, Device device, Precision precision) {
        WanVaeConfig config = WanVaeConfig.of(ComponentConfig.read(folder));
        return new WanVae(config, VaeNetwork.open(folder, config.layout(), KERNELS, device, precision));
    }

    /** Starts to encode one video. */
    public VideoEncoding encode() {
        return new WanEncoding(config(), network());
    }

    @Override
    protected NDArray denormalised(NDManager memory, NDArray latents) {
        return KERNELS.call(memory, "denormalised", latents, mean, std);
    }

    /** Latents as the transformer knows them, from latents in the autoencoder's own scale. */
    public NDArray normalised(NDManager manager, NDArray latents) {
        return KERNELS.call(manager, "normalised", latents, mean, std);
    }

    /** Latent frames one by one, however many there are. */
    @Override
    protected Iterator<Span> batches(VideoSpec spec) {
        return Stream.iterate(new Span(0, 1), span -> new Span(span.end(), span.end() + 1))
                .iterator();
    }

    @Override
    protected BatchDecoder decoder(NDManager memory, VideoSpec spec) {
        return frameByFrame(memory, KERNELS);
    }

    private NDArray perChannel(List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDManager owner = network().owner();
            return Arrays.keep(owner.create(floats, new Shape(1, floats.length, 1, 1, 1)), owner);
        }
    }
}
