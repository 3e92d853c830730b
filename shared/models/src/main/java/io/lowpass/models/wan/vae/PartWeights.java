package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import io.lowpass.tensor.Precision;
import io.lowpass.tensor.Weights;
import java.util.List;

/** The weights of an autoencoder, laid out as its kernels take them. */
final class PartWeights {

    private static final Kernels KERNELS = VaeKernels.COMPILED;

    private final Weights weights;
    private final NDManager owner;
    private final Precision precision;

    PartWeights(Weights weights, NDManager owner, Precision precision) {
        this.weights = weights;
        this.owner = owner;
        this.precision = precision;
    }

    /** A convolution in space and time: taps beside each other on the channel axis, shape (out, taps * in, h, w). */
    CausalConv conv(String name) {
        return new CausalConv(laidOut("time_on_channels", name + ".weight"), plain(name + ".bias"));
    }

    /** A convolution with two groups of {@code dim} outputs, as two convolutions. */
    List<CausalConv> halves(String name, int dim) {
        CausalConv whole = conv(name);
        List<CausalConv> halves = List.of(part(whole, 0, dim), part(whole, dim, 2 * dim));
        whole.weight().close();
        whole.bias().close();
        return halves;
    }

    /** A convolution in the plane, channels last. */
    NDArray plane(String name) {
        return laidOut("channels_last", name);
    }

    /** A 1 x 1 convolution as a matrix. */
    NDArray matrix(String name) {
        return laidOut("squeezed", name);
    }

    /** The gamma of a norm, times the root of the number of channels, shape (1, channels, 1, 1). */
    NDArray norm(String name) {
        return laidOut("scaled", name + ".gamma", precision.torch());
    }

    /** A parameter as it is. */
    NDArray plain(String name) {
        return weights.take(name);
    }

    private CausalConv part(CausalConv whole, int begin, int end) {
        return new CausalConv(
                Arrays.keep(KERNELS.call(owner, "section", whole.weight(), begin, end), owner),
                Arrays.keep(KERNELS.call(owner, "section", whole.bias(), begin, end), owner));
    }

    private NDArray laidOut(String kernel, String name, Object... arguments) {
        NDArray stored = weights.take(name);
        Object[] all = new Object[arguments.length + 1];
        all[0] = stored;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        NDArray result = Arrays.keep(KERNELS.call(owner, kernel, all), owner);
        stored.close();
        return result;
    }
}
