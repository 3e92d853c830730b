package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import io.lowpass.models.Parameters;
import java.util.List;
import java.util.Optional;

/**
 * Where a layer of an autoencoder says its parameters once: name, shape and layout, in the order in which its kernel
 * takes them. Like {@link Parameters}, it is walked twice: to declare names and shapes, and to take the arrays.
 */
public final class VaeParameters {

    /** Lays an array out as a kernel does. */
    @FunctionalInterface
    interface Layouts {

        /** A new array, kept as long as the weights. */
        NDArray apply(String kernel, NDArray stored);
    }

    private final Parameters parameters;
    private final Layouts layouts;

    VaeParameters(Parameters parameters, Layouts layouts) {
        this.parameters = parameters;
        this.layouts = layouts;
    }

    /** A new group, whose names start with a prefix behind that of this one. */
    public VaeParameters at(String further) {
        return new VaeParameters(parameters.at(further), layouts);
    }

    /** A parameter as it is stored. */
    public VaeParameters plain(String name, long... shape) {
        parameters.matrix(name, shape);
        return this;
    }

    /**
     * A parameter as a kernel lays it out.
     *
     * @param layout the kernel's name
     */
    public VaeParameters laidOut(String layout, String name, long... shape) {
        parameters.laidOut(stored -> layouts.apply(layout, stored), name, shape);
        return this;
    }

    /** Weight and bias of a norm. */
    public VaeParameters norm(String name, long width) {
        return plain(name + ".weight", width).plain(name + ".bias", width);
    }

    /**
     * Weight and bias of a convolution.
     *
     * @param layout the kernel that lays the weight out
     * @param shape (out, in, then the sizes of the kernel)
     */
    public VaeParameters conv(String layout, String name, long... shape) {
        return laidOut(layout, name + ".weight", shape).plain(name + ".bias", shape[0]);
    }

    /** The same with a kernel of equal sizes in space and time. */
    public VaeParameters cube(String layout, String name, long in, long out, long kernel) {
        return conv(layout, name, out, in, kernel, kernel, kernel);
    }

    /** The same with a kernel in the plane. */
    public VaeParameters square(String layout, String name, long in, long out, long kernel) {
        return conv(layout, name, out, in, kernel, kernel);
    }

    /** Zeros in the place of a bias. */
    public VaeParameters zeros(long width) {
        parameters.zeros(width);
        return this;
    }

    /** diffusers' attention of one head: its group norm, then queries, keys, values and output. */
    public VaeParameters attention(long width) {
        norm("group_norm", width);
        List.of("to_q", "to_k", "to_v", "to_out.0").forEach(name -> parameters.linear(name, width, width));
        return this;
    }

    /** A layer that is one kernel, called with these parameters and settings. */
    public KernelLayer layer(String kernel, Object... settings) {
        return new KernelLayer(kernel, parameters.arrays(), List.of(settings));
    }

    /** A layer that keeps frames, likewise. */
    public StreamingLayer streaming(String kernel, Object... settings) {
        return new StreamingLayer(Optional.empty(), kernel, parameters.arrays(), false, List.of(settings));
    }

    /** The same behind an activation. */
    public StreamingLayer streamingAfter(KernelLayer activation, String kernel) {
        return new StreamingLayer(Optional.of(activation), kernel, parameters.arrays(), false, List.of());
    }

    /** A layer that keeps frames, and whose norm is scaled by the latents of the batch. */
    public StreamingLayer scaled(String kernel, Object... settings) {
        return new StreamingLayer(Optional.empty(), kernel, parameters.arrays(), true, List.of(settings));
    }
}
