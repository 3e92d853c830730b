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
 * A Llama model (Touvron et al., 2023) as a text encoder: a state between two layers is what is wanted, so the layers
 * after it are neither held nor computed. Holds weights only; safe for concurrent calls.
 *
 * <p>Real tokens never see padding, so padding is not computed at all.
 */
public final class LlamaEncoder implements AutoCloseable {

    private static final Kernels KERNELS = CausalKernels.COMPILED;

    private final LlamaConfig config;
    private final NDManager owner;
    private final Precision arithmetic;
    private final LlamaLayout weights;
    private final NDArray frequencies;

    private LlamaEncoder(LlamaConfig config, Weights weights, int skipped) {
        this.config = config;
        this.owner = weights.owner();
        this.arithmetic = weights.precision().arithmeticOn(owner.getDevice());
        int computed = config.depth() - skipped;
        this.weights = Parameters.takePart(weights, parameters -> LlamaLayout.of(parameters, config, computed));
        float[] inverse = new float[config.headWidth() / 2];
        for (int i = 0; i < inverse.length; i++) {
            inverse[i] = config.rotary().inverse().get(i);
        }
        this.frequencies = owner.create(inverse);
    }

    /**
     * Opens a component folder.
     *
     * @param folder with {@code config.json} and weights
     * @param device where to compute
     * @param precision in which weights are held, and in which to compute where the device can
     * @param skipped how many layers before its end the model is left; with 0 the states are those of its end, normed
     * @throws IllegalArgumentException if the configuration is not understood, or a parameter is missing, unexpected or
     *     misshapen
     */
    public static LlamaEncoder open(Path folder, Device device, Precision precision, int skipped) {
        LlamaConfig config = LlamaConfig.of(ComponentConfig.read(folder));
        if (skipped < 0 || skipped > config.depth()) {
            throw new IllegalArgumentException(
                    folder + ": skipped layers are " + skipped + ", allowed is 0 to " + config.depth());
        }
        return Weights.load(
                folder,
                config.architecture(),
                device,
                precision,
                weights -> new LlamaEncoder(config, weights, skipped));
    }

    /** The settings. */
    public LlamaConfig config() {
        return config;
    }

    /**
     * Encodes tokens, each of which attends to itself and those before it.
     *
     * @param manager the manager that the result belongs to
     * @param ids token ids, at least one
     * @return hidden states, f32, shape (1, tokens, width)
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
     * @param positions of the tokens, as many, ascending
     * @return hidden states, f32, shape (1, tokens, width)
     * @throws IllegalArgumentException if an id is outside the vocabulary
     */
    public NDArray encode(NDManager manager, long[] ids, long[] positions) {
        return encode(manager, ids, positions, 0);
    }

    /**
     * Encodes tokens of which only the later ones are wanted.
     *
     * @param manager the manager that the result belongs to
     * @param ids token ids, more than {@code from}
     * @param from the first token whose state is wanted
     * @return hidden states, f32, shape (1, tokens from there on, width)
     * @throws IllegalArgumentException if an id is outside the vocabulary, or no token is wanted
     */
    public NDArray encodeFrom(NDManager manager, int from, long... ids) {
        if (ids.length <= from) {
            throw new IllegalArgumentException("the text has " + ids.length + " tokens, allowed is more than " + from);
        }
        return encode(manager, ids, LongStream.range(0, ids.length).toArray(), from);
    }

    private NDArray encode(NDManager manager, long[] ids, long[] positions, int from) {
        TokenIds.require(ids, positions, config.vocabulary());
        try (NDManager memory = owner.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<NDArray> turns = KERNELS.callAll(
                    memory,
                    "turns",
                    memory.create(positions),
                    frequencies,
                    config.rotary().amplitude(),
                    arithmetic.torch());
            NDArray x = KERNELS.call(
                    memory, "embedded", weights.embedding().get(0), memory.create(ids), arithmetic.torch());
            for (List<NDArray> layer : weights.layers()) {
                NDArray next = KERNELS.call(
                        memory,
                        "llama_layer",
                        x,
                        layer,
                        turns,
                        new long[] {config.heads(), config.keyHeads()},
                        config.epsilon(),
                        config.activation());
                x.close();
                x = next;
            }
            for (NDArray norm : weights.norm()) {
                x = KERNELS.call(memory, "rms", x, norm, config.epsilon());
            }
            return Arrays.keep(KERNELS.call(manager, "single", x, from), manager);
        }
    }

    @Override
    public void close() {
        owner.close();
    }
}
