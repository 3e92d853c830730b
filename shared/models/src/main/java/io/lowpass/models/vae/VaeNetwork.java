package io.lowpass.models.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Devices;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Opening;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The layers of an autoencoder: those of the decoder are built when it is opened, those of the encoder when the first
 * video is encoded, so that who only decodes holds no more than that.
 *
 * @param <L> what parts are built into
 */
public final class VaeNetwork<L> implements AutoCloseable {

    private final VaeLayout<L> layout;
    private final PartWeights source;
    private final List<L> decoder;
    private @Nullable List<L> encoder;

    private VaeNetwork(VaeLayout<L> layout, PartWeights source) {
        this.layout = layout;
        this.source = source;
        this.decoder = source.build(layout.decoder());
    }

    /**
     * Opens a component folder.
     *
     * @param kernels that lay weights out, and {@code received(x, device, dtype, ...)}
     * @param device where to compute
     * @param precision in which to compute, or f32 where the device cannot
     * @throws IllegalArgumentException if a parameter is missing, unexpected or misshapen
     */
    public static <L> VaeNetwork<L> open(
            Path folder, VaeLayout<L> layout, Kernels kernels, Device device, Precision precision) {
        NDManager owner = NDManager.newBaseManager(device, "PyTorch");
        try (Opening opening = new Opening()) {
            opening.opened(owner::close);
            Weights weights = Weights.open(folder, layout.architecture(), owner, precision.arithmeticOn(device));
            opening.opened(weights::close);
            return opening.done(new VaeNetwork<>(layout, new PartWeights(weights, kernels)));
        }
    }

    /** Where it computes. */
    public Device device() {
        return owner().getDevice();
    }

    /** In what it computes. */
    public Precision precision() {
        return source.weights().precision();
    }

    /** The manager of the weights. */
    public NDManager owner() {
        return source.weights().owner();
    }

    /** The layers from latents to frames. */
    public List<L> decoder() {
        return decoder;
    }

    /** The layers from frames to the moments of latents. Safe for concurrent calls. */
    public synchronized List<L> encoder() {
        List<L> known = encoder;
        if (known == null) {
            known = source.build(layout.encoder());
            source.weights().requireAllTaken();
            encoder = known;
        }
        return known;
    }

    /**
     * Frames or latents as the layers take them: a copy, in the precision and on the device of the weights.
     *
     * @param settings what the family's kernel takes besides
     */
    public NDArray received(NDManager memory, NDArray frames, Object... settings) {
        Stream<Object> common =
                Stream.of(frames, Devices.torchName(device()), precision().torch());
        Object[] arguments = Stream.concat(common, Stream.of(settings)).toArray();
        return source.kernels().call(memory, "received", arguments);
    }

    @Override
    public void close() {
        source.weights().close();
        owner().close();
    }
}
