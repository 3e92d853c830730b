package io.lowpass.models.wan.vae;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.vae.PartWeights;
import io.lowpass.models.vae.VaePart;
import io.lowpass.tensor.Architecture;
import java.util.List;

/** The kinds of parts that a Wan autoencoder has. */
sealed interface Part extends VaePart<Layer> {

    /** A convolution over three frames, or over one where {@code kernel} is 1. */
    record Conv(String name, int in, int out, int kernel) implements Part {

        @Override
        public void declare(Architecture architecture) {
            declareConv(architecture, name, in, out, kernel);
        }

        @Override
        public Layer build(PartWeights weights) {
            CausalConv conv = CausalConv.of(weights, name);
            return kernel == 1 ? conv::openPointwise : conv;
        }
    }

    /** A residual block. */
    record Residual(String name, int in, int out) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.parameter(name + ".norm1.gamma", in, 1, 1, 1);
            declareConv(architecture, name + ".conv1", in, out, 3);
            architecture.parameter(name + ".norm2.gamma", out, 1, 1, 1);
            declareConv(architecture, name + ".conv2", out, out, 3);
            if (in != out) {
                declareConv(architecture, name + ".conv_shortcut", in, out, 1);
            }
        }

        @Override
        public Layer build(PartWeights weights) {
            return new ResidualBlock(
                    norm(weights, name + ".norm1"),
                    CausalConv.of(weights, name + ".conv1"),
                    norm(weights, name + ".norm2"),
                    CausalConv.of(weights, name + ".conv2"),
                    in == out ? null : CausalConv.of(weights, name + ".conv_shortcut"));
        }
    }

    /** Self-attention within a frame. */
    record Attention(String name, int dim) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.parameter(name + ".norm.gamma", dim, 1, 1);
            architecture.parameter(name + ".to_qkv.weight", 3L * dim, dim, 1, 1);
            architecture.parameter(name + ".to_qkv.bias", 3L * dim);
            architecture.parameter(name + ".proj.weight", dim, dim, 1, 1);
            architecture.parameter(name + ".proj.bias", dim);
        }

        @Override
        public Layer build(PartWeights weights) {
            return new FrameAttention(
                    norm(weights, name + ".norm"),
                    weights.laidOut("squeezed", name + ".to_qkv.weight"),
                    weights.plain(name + ".to_qkv.bias"),
                    weights.laidOut("squeezed", name + ".proj.weight"),
                    weights.plain(name + ".proj.bias"));
        }
    }

    /** Enlargement; {@code doubles}: of the number of frames too. */
    record Enlarge(String name, int dim, boolean doubles) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.parameter(name + ".resample.1.weight", dim / 2, dim, 3, 3);
            architecture.parameter(name + ".resample.1.bias", dim / 2);
            if (doubles) {
                architecture.parameter(name + ".time_conv.weight", 2L * dim, dim, 3, 1, 1);
                architecture.parameter(name + ".time_conv.bias", 2L * dim);
            }
        }

        @Override
        public Layer build(PartWeights weights) {
            return new Upsample(
                    weights.laidOut("channels_last", name + ".resample.1.weight"),
                    weights.plain(name + ".resample.1.bias"),
                    doubles ? CausalConv.halves(weights, name + ".time_conv", dim) : List.of());
        }
    }

    /** Reduction; {@code halves}: of the number of frames too. */
    record Reduce(String name, int dim, boolean halves) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.parameter(name + ".resample.1.weight", dim, dim, 3, 3);
            architecture.parameter(name + ".resample.1.bias", dim);
            if (halves) {
                architecture.parameter(name + ".time_conv.weight", dim, dim, 3, 1, 1);
                architecture.parameter(name + ".time_conv.bias", dim);
            }
        }

        @Override
        public Layer build(PartWeights weights) {
            return new Downsample(
                    weights.laidOut("channels_last", name + ".resample.1.weight"),
                    weights.plain(name + ".resample.1.bias"),
                    halves ? CausalConv.of(weights, name + ".time_conv") : null);
        }
    }

    /** The last norm and convolution of encoder or decoder. */
    record Last(String name, int in, int out) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.parameter(name + ".norm_out.gamma", in, 1, 1, 1);
            declareConv(architecture, name + ".conv_out", in, out, 3);
        }

        @Override
        public Layer build(PartWeights weights) {
            return new Head(norm(weights, name + ".norm_out"), CausalConv.of(weights, name + ".conv_out"));
        }
    }

    /** The gamma of a norm, times the root of the number of channels, shape (1, channels, 1, 1). */
    private static NDArray norm(PartWeights weights, String name) {
        return weights.laidOut(
                "scaled", name + ".gamma", weights.weights().precision().torch());
    }

    private static void declareConv(Architecture architecture, String name, int in, int out, int kernel) {
        architecture.parameter(name + ".weight", out, in, kernel, kernel, kernel);
        architecture.parameter(name + ".bias", out);
    }
}
