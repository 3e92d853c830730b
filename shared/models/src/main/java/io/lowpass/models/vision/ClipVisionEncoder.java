package io.lowpass.models.vision;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Parameters;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;

/**
 * The vision encoder of CLIP (Radford et al., 2021; Dosovitskiy et al., 2021), up to its last layer but one, whose
 * states Wan takes; the last layer is not computed. Holds weights only; safe for concurrent calls.
 */
public final class ClipVisionEncoder implements AutoCloseable {

    private static final Kernels KERNELS = Picture.KERNELS;

    private final ClipVisionConfig config;
    private final NDManager owner;
    private final Precision arithmetic;
    private final ClipVisionLayout weights;

    private ClipVisionEncoder(ClipVisionConfig config, Weights weights) {
        this.config = config;
        this.owner = weights.owner();
        this.arithmetic = weights.precision().arithmeticOn(owner.getDevice());
        int computed = config.depth() - 1;
        this.weights = Parameters.takePart(weights, parameters -> ClipVisionLayout.of(parameters, config, computed));
    }

    /**
     * Opens a component folder.
     *
     * @param folder with {@code config.json} and weights
     * @param device where to compute
     * @param precision in which weights are held, and in which to compute where the device can
     * @throws IllegalArgumentException if the configuration is not understood, or a parameter is missing, unexpected or
     *     misshapen
     */
    public static ClipVisionEncoder open(Path folder, Device device, Precision precision) {
        ClipVisionConfig config = ClipVisionConfig.of(ComponentConfig.read(folder));
        return Weights.load(
                folder, config.architecture(), device, precision, weights -> new ClipVisionEncoder(config, weights));
    }

    /** The settings. */
    public ClipVisionConfig config() {
        return config;
    }

    /**
     * Encodes an image.
     *
     * @param manager the manager that the result belongs to
     * @param pixels prepared pixels, f32, shape (1, 3, side, side)
     * @return the states after the last layer but one, f32, shape (1, rows, width)
     * @throws IllegalArgumentException if the pixels have another shape
     */
    public NDArray encode(NDManager manager, NDArray pixels) {
        long side = config.side();
        if (!pixels.getShape().equals(new Shape(1, Picture.CHANNELS, side, side))) {
            throw new IllegalArgumentException("pixels have the shape " + pixels.getShape()
                    + ", allowed is what image_size says: (1, 3, " + side + ", " + side + ")");
        }
        try (NDManager memory = owner.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray x =
                    KERNELS.call(memory, "patches", pixels, weights.embedding(), config.epsilon(), arithmetic.torch());
            for (List<NDArray> layer : weights.layers()) {
                NDArray next =
                        KERNELS.call(memory, "layer", x, layer, config.heads(), config.epsilon(), config.quickGelu());
                x.close();
                x = next;
            }
            return Arrays.keep(KERNELS.call(manager, "states", x), manager);
        }
    }

    @Override
    public void close() {
        owner.close();
    }
}
