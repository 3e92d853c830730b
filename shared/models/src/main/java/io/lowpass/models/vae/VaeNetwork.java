package io.lowpass.models.vae;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.models.Parameters;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Devices;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Opening;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The layers of an autoencoder: those of the decoder are built when it is opened, those of the encoder when the first
 * video is encoded, so that who only decodes holds no more than that.
 */
public final class VaeNetwork implements AutoCloseable {

    private final VaeLayout layout;
    private final Weights weights;
    private final Kernels kernels;
    private final List<VaeLayer> decoder;
    private @Nullable List<VaeLayer> encoder;

    private VaeNetwork(VaeLayout layout, Weights weights, Kernels kernels) {
        this.layout = layout;
        this.weights = weights;
        this.kernels = kernels;
        this.decoder = build(layout.decoder());
    }

    /**
     * Opens a component folder.
     *
     * @param kernels those of the layers, and {@code received(x, device, dtype)}
     * @param device where to compute
     * @param precision in which to compute, or f32 where the device cannot
     * @throws IllegalArgumentException if a parameter is missing, unexpected or misshapen, or the configuration that the
     *     layout is of was not understood
     */
    public static VaeNetwork open(Path folder, VaeLayout layout, Kernels kernels, Device device, Precision precision) {
        NDManager owner = NDManager.newBaseManager(device, "PyTorch");
        try (Opening opening = new Opening()) {
            opening.opened(owner::close);
            Weights weights = Weights.open(folder, layout.architecture(), owner, precision.arithmeticOn(device));
            opening.opened(weights::close);
            return opening.done(new VaeNetwork(layout, weights, kernels));
        }
    }

    /** Where it computes. */
    public Device device() {
        return owner().getDevice();
    }

    /** In what it computes. */
    public Precision precision() {
        return weights.precision();
    }

    /** The manager of the weights. */
    public NDManager owner() {
        return weights.owner();
    }

    /** A parameter that no layer has, f32. */
    public NDArray parameter(String name) {
        return weights.take(name, Precision.F32);
    }

    /** The layers from latents to frames. */
    public List<VaeLayer> decoder() {
        return decoder;
    }

    /** The layers from frames to the moments of latents. Safe for concurrent calls. */
    public synchronized List<VaeLayer> encoder() {
        List<VaeLayer> known = encoder;
        if (known == null) {
            known = build(layout.encoder());
            weights.requireAllTaken();
            encoder = known;
        }
        return known;
    }

    /** Frames or latents as the layers take them: a copy, in the precision and on the device of the weights. */
    public NDArray received(NDManager memory, NDArray frames) {
        return kernels.call(
                memory,
                "received",
                frames,
                Devices.torchName(device()),
                precision().torch());
    }

    /** A batch for the layers of this autoencoder. */
    public Batch batch(NDManager memory, List<NDArray> latents) {
        return new Batch(kernels, memory, latents);
    }

    @Override
    public void close() {
        weights.close();
        owner().close();
    }

    private List<VaeLayer> build(VaeLayout.Coder coder) {
        return Parameters.takePart(weights, parameters -> coder.layers(new VaeParameters(parameters, this::laidOut)));
    }

    private NDArray laidOut(String kernel, NDArray stored) {
        return Arrays.keep(kernels.call(owner(), kernel, stored), owner());
    }
}
