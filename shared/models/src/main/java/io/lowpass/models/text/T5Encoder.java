package io.lowpass.models.text;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.lowpass.models.ComponentConfig;
import io.lowpass.models.Parameters;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The encoder of T5 1.1 (Raffel et al., 2020; Shazeer, 2020) and of UMT5 (Chung et al., 2023), which has a relative
 * position bias in every layer. Holds weights only; safe for concurrent calls.
 *
 * <p>Real tokens never see padding, so padding is not computed at all: it would change no number of theirs.
 */
public final class T5Encoder implements AutoCloseable {

    /** Compiled once in a process: no state. */
    private static final Kernels KERNELS = Kernels.compile(T5Encoder.class, "t5.torchscript");

    private final T5Config config;
    private final NDManager owner;
    private final Precision arithmetic;
    private final T5Layout weights;

    private T5Encoder(T5Config config, Weights weights) {
        this.config = config;
        this.owner = weights.owner();
        this.arithmetic = weights.precision().arithmeticOn(owner.getDevice());
        this.weights = Parameters.take(weights, parameters -> T5Layout.of(parameters, config));
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
    public static T5Encoder open(Path folder, Device device, Precision precision) {
        T5Config config = T5Config.of(ComponentConfig.read(folder));
        return Weights.load(
                folder, config.architecture(), device, precision, weights -> new T5Encoder(config, weights));
    }

    /** The settings. */
    public T5Config config() {
        return config;
    }

    /**
     * Encodes tokens that all attend to each other.
     *
     * @param manager the manager that the result belongs to
     * @param ids token ids, at least one
     * @return the last hidden states, f32, shape (1, tokens, width)
     * @throws IllegalArgumentException if an id is outside the vocabulary
     */
    public NDArray encode(NDManager manager, long... ids) {
        return encode(manager, ids, LongStream.range(0, ids.length).toArray());
    }

    /**
     * Encodes tokens at positions of their own, which is what is left of a sequence with gaps in its attention mask.
     *
     * @param manager the manager that the result belongs to
     * @param ids token ids, at least one
     * @param positions of the tokens, as many
     * @return the last hidden states, f32, shape (1, tokens, width)
     * @throws IllegalArgumentException if an id is outside the vocabulary
     */
    public NDArray encode(NDManager manager, long[] ids, long[] positions) {
        TokenIds.require(ids, positions, config.vocabulary());
        try (NDManager memory = owner.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray buckets = buckets(memory, positions);
            NDArray x = KERNELS.call(
                    memory, "embedded", weights.embedding().get(0), memory.create(ids), arithmetic.torch());
            List<NDArray> shared = weights.layers().get(0).bias();
            NDArray bias = KERNELS.call(memory, "position_bias", shared.get(0), buckets);
            for (T5Layout.Layer layer : weights.layers()) {
                if (layer.bias() != shared && !layer.bias().isEmpty()) {
                    bias.close();
                    bias = KERNELS.call(memory, "position_bias", layer.bias().get(0), buckets);
                }
                NDArray next = KERNELS.call(memory, "layer", x, layer.weights(), bias, config.epsilon());
                x.close();
                x = next;
            }
            return Arrays.keep(
                    KERNELS.call(manager, "finished", x, weights.norm().get(0), config.epsilon()), manager);
        }
    }

    @Override
    public void close() {
        owner.close();
    }

    /** Appends rows of zeros. */
    static NDArray padded(NDManager manager, NDArray rows, int length) {
        return KERNELS.call(manager, "padded", rows, length);
    }

    private NDArray buckets(NDManager memory, long[] positions) {
        int exact = config.buckets() / 4;
        double span = Math.log(config.maxDistance() / (double) exact);
        return KERNELS.call(memory, "buckets", memory.create(positions), exact, span);
    }
}
