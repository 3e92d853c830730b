package io.lowpass.models.opensora.vae;

import io.lowpass.tensor.Architecture;

/**
 * A part of the autoencoder as its configuration lays it out: names and shapes, and how to build it from weights.
 *
 * <p>Convolutions of the temporal autoencoder have three taps in time, this frame's and those of the two before it;
 * those of the spatial one have none, and so one dimension less.
 */
sealed interface Part {

    /** Adds the parameters of this part. */
    void declare(Architecture architecture);

    /** Takes the parameters of this part. */
    Layer build(PartWeights weights);

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
        public Layer build(PartWeights weights) {
            return weights.layer("conv", weights.conv(name, true));
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
        public Layer build(PartWeights weights) {
            boolean bias = kind == Kind.SPATIAL;
            PartWeights.Group group = weights.group()
                    .affine(name + ".norm1")
                    .conv(kind.conv(name, 1), bias)
                    .affine(name + ".norm2")
                    .conv(kind.conv(name, 2), bias);
            if (in != out) {
                group.conv(kind.shortcut(name), bias);
            }
            return weights.layer("residual", group.all(), groups, kind.epsilon());
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
        public Layer build(PartWeights weights) {
            PartWeights.Group group = weights.group()
                    .affine(name + ".group_norm")
                    .affine(name + ".to_q")
                    .affine(name + ".to_k")
                    .affine(name + ".to_v")
                    .affine(name + ".to_out.0");
            return weights.layer("attention", group.all(), groups, Kind.SPATIAL.epsilon());
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
        public Layer build(PartWeights weights) {
            return weights.layer("enlarged", weights.conv(name, true));
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
        public Layer build(PartWeights weights) {
            return weights.layer("prolonged", weights.conv(name, true));
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
        public Layer build(PartWeights weights) {
            PartWeights.Group group = weights.group().affine(norm).conv(conv.name(), true);
            return weights.layer("last", group.all(), groups, conv.kind().epsilon());
        }
    }
}
