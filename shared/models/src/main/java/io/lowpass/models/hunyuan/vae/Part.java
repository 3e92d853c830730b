package io.lowpass.models.hunyuan.vae;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.vae.KernelLayer;
import io.lowpass.models.vae.PartWeights;
import io.lowpass.models.vae.VaePart;
import io.lowpass.tensor.Architecture;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kinds of parts that a HunyuanVideo autoencoder has. What goes in and out is all frames of a tile, shape (1,
 * channels, frames, height, width).
 */
sealed interface Part extends VaePart<KernelLayer> {

    /**
     * A convolution over a frame and those before it; before the first frame stand copies of it.
     *
     * @param name of its parameters, without weight and bias
     * @param kernel its size along each axis
     * @param space factor of height and width: before the convolution, or of its stride if {@code reduces}
     * @param time factor of the number of frames, likewise; the first stays one
     */
    record Conv(String name, int in, int out, int kernel, int space, int time, boolean reduces) implements Part {

        Conv(String name, int in, int out, int kernel) {
            this(name, in, out, kernel, 1, 1, false);
        }

        @Override
        public void declare(Architecture architecture) {
            architecture
                    .parameter(name + ".weight", out, in, kernel, kernel, kernel)
                    .parameter(name + ".bias", out);
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            long[] grown = reduces ? new long[] {1, 1} : new long[] {time, space};
            long[] strides = reduces ? new long[] {time, space} : new long[] {1, 1};
            return weights.layer("conv", take(weights), grown, strides);
        }

        /** Weight and bias, taps in time beside each other on the channel axis. */
        List<NDArray> take(PartWeights weights) {
            return weights.conv("time_on_channels", name);
        }
    }

    /** Twice norm, activation and convolution, added to the input. */
    record Residual(String name, int in, int out, int groups, String activation) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.affine(name + ".norm1", in).affine(name + ".norm2", out);
            convs().forEach(conv -> conv.declare(architecture));
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            List<NDArray> taken = Stream.concat(
                            Stream.of(weights.affine(name + ".norm1"), weights.affine(name + ".norm2")),
                            convs().map(conv -> conv.take(weights)))
                    .flatMap(List::stream)
                    .toList();
            return weights.layer("residual", taken, groups, activation);
        }

        private Stream<Conv> convs() {
            return Stream.of(
                            new Conv(name + ".conv1.conv", in, out, 3),
                            new Conv(name + ".conv2.conv", out, out, 3),
                            new Conv(name + ".conv_shortcut.conv", in, out, 1))
                    .limit(in == out ? 2 : 3);
        }
    }

    /** Self-attention of each frame to itself and those before it, added to the input. */
    record Attention(String name, int dim, int groups) implements Part {

        private static final List<String> LINEARS = List.of("to_q", "to_k", "to_v", "to_out.0");

        @Override
        public void declare(Architecture architecture) {
            architecture.affine(name + ".group_norm", dim);
            LINEARS.forEach(linear -> architecture.linear(name + "." + linear, dim, dim));
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            List<NDArray> taken = Stream.concat(Stream.of("group_norm"), LINEARS.stream())
                    .flatMap(part -> weights.affine(name + "." + part).stream())
                    .toList();
            return weights.layer("attended", taken, groups);
        }
    }

    /** The last norm, SiLU and convolution of encoder or decoder. */
    record Last(String name, int in, int out, int groups) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.affine(name + ".conv_norm_out", in);
            conv().declare(architecture);
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            List<NDArray> norm = weights.affine(name + ".conv_norm_out");
            return weights.layer("last", PartWeights.joined(norm, conv().take(weights)), groups);
        }

        private Conv conv() {
            return new Conv(name + ".conv_out.conv", in, out, 3);
        }
    }
}
