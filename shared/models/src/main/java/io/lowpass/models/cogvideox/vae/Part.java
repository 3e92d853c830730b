package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.vae.PartWeights;
import io.lowpass.models.vae.VaePart;
import io.lowpass.tensor.Architecture;
import java.util.List;

/** The kinds of parts that a CogVideoX autoencoder has. */
sealed interface Part extends VaePart<Layer> {

    /**
     * How the group norms of a coder normalize, wherever in it they are.
     *
     * @param latents channels of the latents that scale and shift are made from; 0: they are the same everywhere
     * @param groups of channels that are normalized together
     * @param epsilon added to the variance
     */
    record Norm(int latents, int groups, double epsilon) {

        void declare(Architecture architecture, String name, int width) {
            if (latents == 0) {
                architecture.affine(name, width);
                return;
            }
            architecture.affine(name + ".norm_layer", width);
            declareConv(architecture, name + ".conv_y.conv", latents, width, 1);
            declareConv(architecture, name + ".conv_b.conv", latents, width, 1);
        }

        GroupNorm build(PartWeights weights, String name) {
            List<NDArray> taken = latents == 0
                    ? weights.affine(name)
                    : PartWeights.joined(
                            weights.affine(name + ".norm_layer"),
                            pointwise(weights, name + ".conv_y.conv"),
                            pointwise(weights, name + ".conv_b.conv"));
            return new GroupNorm(taken, groups, epsilon);
        }
    }

    /** A causal convolution. */
    record Conv(String name, int in, int out) implements Part {

        @Override
        public void declare(Architecture architecture) {
            declareConv(architecture, name + ".conv", in, out, 3);
        }

        @Override
        public Layer build(PartWeights weights) {
            return new Causal(causal(weights, name));
        }
    }

    /** A residual block; {@code norm} says how it normalizes. */
    record Residual(String name, int in, int out, Norm norm) implements Part {

        @Override
        public void declare(Architecture architecture) {
            norm.declare(architecture, name + ".norm1", in);
            norm.declare(architecture, name + ".norm2", out);
            declareConv(architecture, name + ".conv1.conv", in, out, 3);
            declareConv(architecture, name + ".conv2.conv", out, out, 3);
            if (in != out) {
                declareConv(architecture, name + ".conv_shortcut", in, out, 1);
            }
        }

        @Override
        public Layer build(PartWeights weights) {
            return new ResidualBlock(
                    norm.build(weights, name + ".norm1"),
                    causal(weights, name + ".conv1"),
                    norm.build(weights, name + ".norm2"),
                    causal(weights, name + ".conv2"),
                    in == out ? List.of() : pointwise(weights, name + ".conv_shortcut"));
        }
    }

    /** Enlargement or, if not {@code enlarges}, reduction; {@code time}: of the number of frames too. */
    record Resample(String name, int width, boolean enlarges, boolean time) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.parameter(name + ".conv.weight", width, width, 3, 3).parameter(name + ".conv.bias", width);
        }

        @Override
        public Layer build(PartWeights weights) {
            return new Resampling(enlarges ? "enlarged" : "reduced", weights.conv("plane", name + ".conv"), time);
        }
    }

    /** The last norm and convolution of encoder or decoder. */
    record Last(String name, int in, int out, Norm norm) implements Part {

        @Override
        public void declare(Architecture architecture) {
            norm.declare(architecture, name + ".norm_out", in);
            declareConv(architecture, name + ".conv_out.conv", in, out, 3);
        }

        @Override
        public Layer build(PartWeights weights) {
            return new NormedCausal(norm.build(weights, name + ".norm_out"), causal(weights, name + ".conv_out"));
        }
    }

    /** A causal convolution: the three frames beside each other on the channel axis. */
    private static List<NDArray> causal(PartWeights weights, String name) {
        return weights.conv("time_on_channels", name + ".conv");
    }

    /** A convolution of single cells. */
    private static List<NDArray> pointwise(PartWeights weights, String name) {
        return weights.conv("pointwise", name);
    }

    private static void declareConv(Architecture architecture, String name, int in, int out, int kernel) {
        architecture
                .parameter(name + ".weight", out, in, kernel, kernel, kernel)
                .parameter(name + ".bias", out);
    }
}
