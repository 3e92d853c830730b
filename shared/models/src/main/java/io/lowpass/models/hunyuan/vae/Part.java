package io.lowpass.models.hunyuan.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A part of a HunyuanVideo autoencoder: names and shapes of its parameters, and how it is computed from them. What goes
 * in and out is all frames of a tile, shape (1, channels, frames, height, width).
 */
sealed interface Part {

    /** Adds the parameters of this part. */
    void declare(Architecture architecture);

    /** Takes the parameters of this part. */
    List<NDArray> take(Reader reader);

    /** Computes this part. */
    NDArray apply(NDManager memory, List<NDArray> weights, NDArray x);

    /** Hands out parameters as the kernels want them. */
    interface Reader {

        /** Weight and bias of a convolution, taps in time beside each other on the channel axis. */
        Stream<NDArray> conv(String name);

        /** Weight and bias as they are. */
        Stream<NDArray> plain(String name);
    }

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
        public List<NDArray> take(Reader reader) {
            return reader.conv(name).toList();
        }

        @Override
        public NDArray apply(NDManager memory, List<NDArray> weights, NDArray x) {
            long[] grown = reduces ? new long[] {1, 1} : new long[] {time, space};
            long[] strides = reduces ? new long[] {time, space} : new long[] {1, 1};
            return HunyuanVae.KERNELS.call(memory, "conv", x, weights.get(0), weights.get(1), grown, strides);
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
        public List<NDArray> take(Reader reader) {
            List<NDArray> weights = new ArrayList<>();
            Stream.of(".norm1", ".norm2")
                    .flatMap(norm -> reader.plain(name + norm))
                    .forEach(weights::add);
            convs().flatMap(conv -> reader.conv(conv.name())).forEach(weights::add);
            return weights;
        }

        @Override
        public NDArray apply(NDManager memory, List<NDArray> weights, NDArray x) {
            return HunyuanVae.KERNELS.call(memory, "residual", x, weights, groups, activation);
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
        public List<NDArray> take(Reader reader) {
            return Stream.concat(Stream.of("group_norm"), LINEARS.stream())
                    .flatMap(part -> reader.plain(name + "." + part))
                    .toList();
        }

        @Override
        public NDArray apply(NDManager memory, List<NDArray> weights, NDArray x) {
            return HunyuanVae.KERNELS.call(memory, "attended", x, weights, groups);
        }
    }

    /** The last norm, SiLU and convolution of encoder or decoder. */
    record Last(String name, int in, int out, int groups) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.affine(name + ".conv_norm_out", in);
            new Conv(name + ".conv_out.conv", in, out, 3).declare(architecture);
        }

        @Override
        public List<NDArray> take(Reader reader) {
            return Stream.concat(reader.plain(name + ".conv_norm_out"), reader.conv(name + ".conv_out.conv"))
                    .toList();
        }

        @Override
        public NDArray apply(NDManager memory, List<NDArray> weights, NDArray x) {
            return HunyuanVae.KERNELS.call(memory, "last", x, weights, groups);
        }
    }
}
