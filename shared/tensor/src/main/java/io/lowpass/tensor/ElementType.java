package io.lowpass.tensor;

import java.util.Optional;
import java.util.stream.Stream;

/** The element types of the safetensors format that libtorch can map. */
enum ElementType {
    F64(7, 8),
    F32(6, 4),
    F16(5, 2),
    BF16(15, 2),
    I64(4, 8),
    I32(3, 4),
    I16(2, 2),
    I8(1, 1),
    U8(0, 1),
    BOOL(11, 1);

    /** The names of the types that weights may have. */
    static final String OF_WEIGHTS = "F32, BF16, F16, F64";

    private final int torch;
    private final int bytes;

    ElementType(int torch, int bytes) {
        this.torch = torch;
        this.bytes = bytes;
    }

    /** The number of the scalar type in TorchScript. */
    int torch() {
        return torch;
    }

    int bytes() {
        return bytes;
    }

    boolean isFloating() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }

    /**
     * The type with a name in a header; empty if libtorch cannot map it, such as the 8-bit and 4-bit types of
     * quantizers.
     */
    static Optional<ElementType> named(String name) {
        return Stream.of(values()).filter(type -> type.name().equals(name)).findFirst();
    }
}
