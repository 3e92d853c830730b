package io.lowpass.models.opensora.vae;

import io.lowpass.tensor.Architecture;

/** In what the two autoencoders differ: what their convolutions span, and how their parameters are called. */
enum Kind {
    /** Frames by themselves: diffusers' names, biases everywhere. */
    SPATIAL,
    /** Frames of a chunk together: the official code's names, no biases in residual blocks. */
    TEMPORAL;

    /** Of the group norms. */
    double epsilon() {
        return this == SPATIAL ? 1e-6 : 1e-5;
    }

    /** The name of a residual block's first or second convolution. */
    String conv(String block, int number) {
        return block + ".conv" + number + (this == SPATIAL ? "" : ".conv");
    }

    /** The name of the convolution that brings the input of a residual block to its output's channels. */
    String shortcut(String block) {
        return this == SPATIAL ? block + ".conv_shortcut" : conv(block, 3);
    }

    /** Adds the weight of a convolution. */
    void declare(Architecture architecture, String name, long in, long out, int kernel) {
        if (this == SPATIAL) {
            architecture.parameter(name + ".weight", out, in, kernel, kernel);
        } else {
            architecture.parameter(name + ".weight", out, in, kernel, kernel, kernel);
        }
    }
}
