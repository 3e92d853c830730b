package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.models.vae.PartWeights;
import io.lowpass.tensor.Kernels;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A convolution over a frame and the two before it, computed frame by frame as a convolution in the plane: the three
 * frames lie side by side on the channel axis. On the CPU that is several times faster than a convolution in space and
 * time. Frames before the video are zeros; their part of the weights is left out.
 *
 * @param weight shape (out, taps * in, height, width), channels last
 * @param bias shape (out)
 */
record CausalConv(NDArray weight, NDArray bias) implements Layer {

    private static final Kernels KERNELS = VaeKernels.COMPILED;

    /** Takes the weights of a convolution. */
    static CausalConv of(PartWeights weights, String name) {
        List<NDArray> conv = weights.conv("time_on_channels", name);
        return new CausalConv(conv.get(0), conv.get(1));
    }

    /** Takes the weights of a convolution with two groups of {@code dim} outputs, as two convolutions. */
    static List<CausalConv> halves(PartWeights weights, String name, int dim) {
        try (NDArray weight = weights.laidOut("time_on_channels", name + ".weight");
                NDArray bias = weights.plain(name + ".bias")) {
            return Stream.of(0, dim)
                    .map(begin -> new CausalConv(
                            weights.made("section", weight, begin, begin + dim),
                            weights.made("section", bias, begin, begin + dim)))
                    .toList();
        }
    }

    /** Convolves a frame whose history is kept outside. */
    NDArray apply(NDManager owner, NDArray... frames) {
        return KERNELS.call(owner, "conv", frames, weight, bias);
    }

    /** Convolves, and adds {@code other}. */
    NDArray applyAndAdd(NDManager owner, NDArray[] frames, NDArray other) {
        return KERNELS.call(owner, "conv_add", frames, weight, bias, other);
    }

    @Override
    public Stage open(NDManager memory) {
        History history = new History();
        return (frame, next) -> next.accept(history.through(frame, frames -> apply(memory, frames)));
    }

    /** A stage for a convolution over one frame only. */
    Stage openPointwise(NDManager memory) {
        return (NDArray frame, Consumer<NDArray> next) -> {
            NDArray result = apply(memory, frame);
            frame.close();
            next.accept(result);
        };
    }
}
