package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Weights;
import java.util.List;
import java.util.stream.Stream;

/** The weights of an autoencoder, laid out as its kernels take them. */
record PartWeights(Weights weights, NDManager owner) {

    /** A causal convolution: the three frames beside each other on the channel axis. */
    List<NDArray> causal(String name) {
        return convolution("time_on_channels", name + ".conv");
    }

    /** A convolution of single cells. */
    List<NDArray> pointwise(String name) {
        return convolution("pointwise", name);
    }

    /** A convolution in the plane. */
    List<NDArray> plane(String name) {
        return convolution("plane", name);
    }

    /** A group norm. */
    GroupNorm norm(Part.Norm norm) {
        if (norm.latents() == 0) {
            return new GroupNorm(affine(norm.name()), norm.groups(), norm.epsilon());
        }
        List<NDArray> taken = Stream.of(
                        affine(norm.name() + ".norm_layer"),
                        pointwise(norm.name() + ".conv_y.conv"),
                        pointwise(norm.name() + ".conv_b.conv"))
                .flatMap(List::stream)
                .toList();
        return new GroupNorm(taken, norm.groups(), norm.epsilon());
    }

    private List<NDArray> affine(String name) {
        return List.of(weights.take(name + ".weight"), weights.take(name + ".bias"));
    }

    private List<NDArray> convolution(String layout, String name) {
        NDArray stored = weights.take(name + ".weight");
        NDArray laidOut = Arrays.keep(VaeKernels.COMPILED.call(owner, layout, stored), owner);
        stored.close();
        return List.of(laidOut, weights.take(name + ".bias"));
    }
}
