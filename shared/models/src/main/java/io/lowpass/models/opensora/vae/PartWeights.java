package io.lowpass.models.opensora.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Weights;
import java.util.ArrayList;
import java.util.List;

/** The weights of the autoencoder, laid out as its kernels take them. */
final class PartWeights {

    private final Weights weights;
    private final NDManager owner;
    private final Kernels kernels;

    PartWeights(Weights weights, NDManager owner, Kernels kernels) {
        this.weights = weights;
        this.owner = owner;
        this.kernels = kernels;
    }

    /** Starts to collect what one kernel takes. */
    Group group() {
        return new Group();
    }

    /** Weight and bias of a convolution. */
    List<NDArray> conv(String name, boolean bias) {
        return group().conv(name, bias).all();
    }

    /** A layer that calls a kernel with frames, weights and settings. */
    Layer layer(String kernel, List<NDArray> taken, Object... settings) {
        Object[] arguments = new Object[settings.length + 2];
        arguments[1] = taken;
        System.arraycopy(settings, 0, arguments, 2, settings.length);
        return (memory, frames) -> {
            Object[] all = arguments.clone();
            all[0] = frames;
            return kernels.call(memory, kernel, all);
        };
    }

    /** The weights of one kernel, in the order in which they were named. */
    final class Group {

        private final List<NDArray> arrays = new ArrayList<>();

        Group affine(String name) {
            arrays.add(weights.take(name + ".weight"));
            arrays.add(weights.take(name + ".bias"));
            return this;
        }

        /** Taps beside each other on the channel axis, shape (out, taps * in, height, width); a bias of zeros if none. */
        Group conv(String name, boolean bias) {
            NDArray stored = weights.take(name + ".weight");
            NDArray weight = Arrays.keep(kernels.call(owner, "laid_out", stored), owner);
            stored.close();
            arrays.add(weight);
            arrays.add(
                    bias ? weights.take(name + ".bias") : Arrays.keep(kernels.call(owner, "no_bias", weight), owner));
            return this;
        }

        List<NDArray> all() {
            return List.copyOf(arrays);
        }
    }
}
