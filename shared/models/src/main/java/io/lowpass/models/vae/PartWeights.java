package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The weights of an autoencoder, laid out as its kernels take them.
 *
 * @param weights in the precision of the arithmetic
 * @param kernels of the family
 */
public record PartWeights(Weights weights, Kernels kernels) {

    /** Builds parts, in their order. */
    public <L> List<L> build(List<? extends VaePart<L>> parts) {
        return parts.stream().<L>map(part -> part.build(this)).toList();
    }

    /** Groups one after another. */
    @SafeVarargs
    public static List<NDArray> joined(List<NDArray>... groups) {
        List<NDArray> all = new ArrayList<>();
        for (List<NDArray> group : groups) {
            all.addAll(group);
        }
        return List.copyOf(all);
    }

    /** A parameter as it is stored. */
    public NDArray plain(String name) {
        return weights.take(name);
    }

    /** {@code name.weight} and {@code name.bias} as they are stored. */
    public List<NDArray> affine(String name) {
        return List.of(plain(name + ".weight"), plain(name + ".bias"));
    }

    /**
     * Weight and bias of a convolution.
     *
     * @param layout the kernel that lays {@code name.weight} out
     */
    public List<NDArray> conv(String layout, String name) {
        return List.of(laidOut(layout, name + ".weight"), plain(name + ".bias"));
    }

    /** A parameter as a kernel lays it out; the stored one is given up. */
    public NDArray laidOut(String layout, String name, Object... settings) {
        NDArray stored = plain(name);
        NDArray result = made(
                layout, Stream.concat(Stream.of(stored), Stream.of(settings)).toArray());
        stored.close();
        return result;
    }

    /** What a kernel makes, kept as long as the weights. */
    public NDArray made(String kernel, Object... arguments) {
        return Arrays.keep(kernels.call(weights.owner(), kernel, arguments), weights.owner());
    }

    /** A layer that is one kernel, called with frames, these weights and settings. */
    public KernelLayer layer(String kernel, List<NDArray> taken, Object... settings) {
        return new KernelLayer(kernels, kernel, taken, List.of(settings));
    }
}
