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
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** The text model of CLIP (Radford et al., 2021). Holds weights only; safe for concurrent calls. */
public final class ClipTextEncoder implements AutoCloseable {

    /**
     * What the model says of a text.
     *
     * @param states last hidden states, f32, shape (1, tokens, width)
     * @param pooled the state of the token that ends the text, f32, shape (1, width)
     */
    public record Encoded(NDArray states, NDArray pooled) {}

    private static final Kernels KERNELS = CausalKernels.COMPILED;

    private final ClipTextConfig config;
    private final NDManager owner;
    private final Precision arithmetic;
    private final ClipTextLayout weights;

    private ClipTextEncoder(ClipTextConfig config, Weights weights) {
        this.config = config;
        this.owner = weights.owner();
        this.arithmetic = weights.precision().arithmeticOn(owner.getDevice());
        this.weights = Parameters.take(weights, parameters -> ClipTextLayout.take(parameters, config));
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
    public static ClipTextEncoder open(Path folder, Device device, Precision precision) {
        ClipTextConfig config = ClipTextConfig.of(ComponentConfig.read(folder));
        return Weights.load(
                folder, config.architecture(), device, precision, weights -> new ClipTextEncoder(config, weights));
    }

    /** The settings. */
    public ClipTextConfig config() {
        return config;
    }

    /**
     * Encodes tokens, each of which attends to itself and those before it.
     *
     * @param manager the manager that the results belong to
     * @param ids token ids, at least one and no more than the model has positions
     * @throws IllegalArgumentException if there are too many, or an id is outside the vocabulary
     */
    public Encoded encode(NDManager manager, long... ids) {
        TokenIds.require(ids, ids, config.vocabulary());
        if (ids.length > config.positions()) {
            throw new IllegalArgumentException(
                    ids.length + " token ids, allowed is 1 to max_position_embeddings: " + config.positions());
        }
        try (NDManager memory = owner.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            int dtype = arithmetic.torch();
            NDArray order = memory.create(LongStream.range(0, ids.length).toArray());
            NDArray x = KERNELS.call(
                    memory,
                    "sum",
                    KERNELS.call(memory, "embedded", weights.embeddings().get(0), memory.create(ids), dtype),
                    KERNELS.call(memory, "embedded", weights.embeddings().get(1), order, dtype));
            for (List<NDArray> layer : weights.layers()) {
                NDArray next = KERNELS.call(
                        memory, "clip_layer", x, layer, config.heads(), config.epsilon(), config.activation());
                x.close();
                x = next;
            }
            NDArray last = KERNELS.call(
                    memory, "normed", x, weights.norm().get(0), weights.norm().get(1), config.epsilon());
            NDArray states = KERNELS.call(manager, "single", last, 0);
            NDArray pooled = KERNELS.call(manager, "row", states, end(ids));
            return new Encoded(Arrays.keep(states, manager), Arrays.keep(pooled, manager));
        }
    }

    @Override
    public void close() {
        owner.close();
    }

    /** Where a text ends: the first end token, or 0 if there is none, as the reference has it. */
    int end(long... ids) {
        long wanted = config.endId().orElseGet(() -> LongStream.of(ids).max().orElseThrow());
        return IntStream.range(0, ids.length)
                .filter(i -> ids[i] == wanted)
                .findFirst()
                .orElse(0);
    }
}
