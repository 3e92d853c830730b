package io.lowpass.models.opensora.vae;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.vae.KernelLayer;
import io.lowpass.models.vae.PartWeights;
import io.lowpass.models.vae.VaePart;
import io.lowpass.tensor.Architecture;
import io.lowpass.tensor.Weights;
import java.util.List;
import java.util.stream.Stream;

/**
 * The kinds of parts that the autoencoder has. What goes in and out is frames, shape (frames, channels, height, width):
 * all of a chunk in the temporal autoencoder, one in the spatial one.
 *
 * <p>Convolutions of the temporal autoencoder have three taps in time, this frame's and those of the two before it;
 * those of the spatial one have none, and so one dimension less.
 */
sealed interface Part extends VaePart<KernelLayer> {

    /**
     * A convolution.
     *
     * @param kernel its size along height and width
     */
    record Conv(String name, int in, int out, int kernel, Kind kind) implements Part {

        @Override
        public void declare(Architecture architecture) {
            kind.declare(architecture, name, in, out, kernel);
            architecture.parameter(name + ".bias", out);
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            return weights.layer("conv", weights.conv("laid_out", name));
        }
    }

    /** A residual block. */
    record Residual(String name, int in, int out, int groups, Kind kind) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.affine(name + ".norm1", in);
            conv(architecture, kind.conv(name, 1), in, 3);
            architecture.affine(name + ".norm2", out);
            conv(architecture, kind.conv(name, 2), out, 3);
            if (in != out) {
                conv(architecture, kind.shortcut(name), in, 1);
            }
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            List<NDArray> taken = PartWeights.joined(
                    weights.affine(name + ".norm1"),
                    conv(weights, kind.conv(name, 1)),
                    weights.affine(name + ".norm2"),
                    conv(weights, kind.conv(name, 2)),
                    in == out ? List.of() : conv(weights, kind.shortcut(name)));
            return weights.layer("residual", taken, groups, kind.epsilon());
        }

        /** Weight and bias; zeros where there is none. */
        private List<NDArray> conv(PartWeights weights, String conv) {
            if (kind == Kind.SPATIAL) {
                return weights.conv("laid_out", conv);
            }
            Weights source = weights.weights();
            return List.of(weights.laidOut("laid_out", conv + ".weight"), source.constant(0, out, source.precision()));
        }

        private void conv(Architecture architecture, String conv, int channels, int kernel) {
            kind.declare(architecture, conv, channels, out, kernel);
            if (kind == Kind.SPATIAL) {
                architecture.parameter(conv + ".bias", out);
            }
        }
    }

    /** Self-attention of one head within a frame, added to its input. */
    record Attention(String name, int dim, int groups) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture
                    .affine(name + ".group_norm", dim)
                    .linear(name + ".to_q", dim, dim)
                    .linear(name + ".to_k", dim, dim)
                    .linear(name + ".to_v", dim, dim)
                    .linear(name + ".to_out.0", dim, dim);
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            List<NDArray> taken = Stream.of("group_norm", "to_q", "to_k", "to_v", "to_out.0")
                    .flatMap(part -> weights.affine(name + "." + part).stream())
                    .toList();
            return weights.layer("attention", taken, groups, Kind.SPATIAL.epsilon());
        }
    }

    /** Doubles height and width. */
    record Enlarge(String name, int dim) implements Part {

        @Override
        public void declare(Architecture architecture) {
            Kind.SPATIAL.declare(architecture, name, dim, dim, 3);
            architecture.parameter(name + ".bias", dim);
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            return weights.layer("enlarged", weights.conv("laid_out", name));
        }
    }

    /** Doubles the number of frames: each becomes two, of every other channel. */
    record Prolong(String name, int dim) implements Part {

        @Override
        public void declare(Architecture architecture) {
            Kind.TEMPORAL.declare(architecture, name, dim, 2L * dim, 3);
            architecture.parameter(name + ".bias", 2L * dim);
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            return weights.layer("prolonged", weights.conv("laid_out", name));
        }
    }

    /** The last norm and convolution of an encoder or decoder. */
    record Last(String norm, int in, int groups, Conv conv) implements Part {

        @Override
        public void declare(Architecture architecture) {
            architecture.affine(norm, in);
            conv.declare(architecture);
        }

        @Override
        public KernelLayer build(PartWeights weights) {
            List<NDArray> taken = PartWeights.joined(weights.affine(norm), weights.conv("laid_out", conv.name()));
            return weights.layer("last", taken, groups, conv.kind().epsilon());
        }
    }
}
