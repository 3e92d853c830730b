package io.lowpass.tensor;

import ai.djl.Device;
import java.util.stream.Stream;

/** The number formats of weights and computation. */
public enum Precision {
    F32("f32", "F32", 6, 4),
    BF16("bf16", "BF16", 15, 2),
    F16("f16", "F16", 5, 2);

    private final String label;
    private final String safetensors;
    private final int torch;
    private final int bytes;

    Precision(String label, String safetensors, int torch, int bytes) {
        this.label = label;
        this.safetensors = safetensors;
        this.torch = torch;
        this.bytes = bytes;
    }

    /** The name in settings: f32, bf16, f16. */
    public String label() {
        return label;
    }

    /** The name in the header of a safetensors file. */
    public String safetensors() {
        return safetensors;
    }

    /** The number of the scalar type in TorchScript, where types are ints. */
    public int torch() {
        return torch;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /**
     * The precision of the arithmetic on a device for values stored in this one. A CPU without half-precision
     * instructions emulates them about twenty times slower than f32, so there the stored values are widened when used,
     * which loses nothing.
     */
    public Precision arithmeticOn(Device device) {
        boolean direct = device.isGpu()
                || this == F32
                || (this == BF16 && TensorKernels.COMPILED.integer("multiplies_bfloat16") == 1);
        return direct ? this : F32;
    }

    /**
     * The precision of a name in settings.
     *
     * @throws IllegalArgumentException if there is none, with the names that exist
     */
    public static Precision of(String label) {
        return Stream.of(values())
                .filter(precision -> precision.label.equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("dtype '" + label + "' is not one of f32, bf16, f16"));
    }
}
