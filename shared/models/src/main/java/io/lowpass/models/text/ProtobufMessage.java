package io.lowpass.models.text;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The fields of a message in Protocol Buffers' wire format, of which SentencePiece's files are made. Numbers of all
 * kinds are kept as their bits.
 */
final class ProtobufMessage {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final int LONGEST_VARINT = 64;
    private static final ByteBuffer NONE = ByteBuffer.allocate(0);

    private record Field(int number, long bits, ByteBuffer bytes) {}

    private final List<Field> fields = new ArrayList<>();

    /**
     * Reads a message.
     *
     * @throws IllegalArgumentException if the bytes are no message
     */
    ProtobufMessage(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            while (in.hasRemaining()) {
                long key = varint(in);
                fields.add(field((int) (key >>> 3), (int) (key & 7), in));
            }
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("ends within a field", e);
        }
    }

    /** The last number of a field, or what it is where it is absent. */
    long number(int field, long absent) {
        return fields.stream().filter(it -> it.number == field).map(Field::bits).reduce(absent, (first, last) -> last);
    }

    /** A number of four bytes as a float. */
    float real(int field) {
        return Float.intBitsToFloat((int) number(field, 0));
    }

    /** Every value of a field that holds bytes. */
    List<byte[]> all(int field) {
        return fields.stream()
                .filter(it -> it.number == field)
                .map(it -> copy(it.bytes))
                .toList();
    }

    /** A text; empty where it is absent. */
    String text(int field) {
        return all(field).stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .reduce("", (first, last) -> last);
    }

    private static byte[] copy(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return copy;
    }

    private static Field field(int number, int type, ByteBuffer in) {
        return switch (type) {
            case VARINT -> new Field(number, varint(in), NONE);
            case FIXED64 -> new Field(number, in.getLong(), NONE);
            case FIXED32 -> new Field(number, in.getInt(), NONE);
            case BYTES -> {
                long length = varint(in);
                if (length < 0 || length > in.remaining()) {
                    throw new IllegalArgumentException("ends within a field");
                }
                ByteBuffer bytes = in.slice(in.position(), (int) length);
                in.position(in.position() + (int) length);
                yield new Field(number, 0, bytes);
            }
            default -> throw new IllegalArgumentException("has a field of the unknown kind " + type);
        };
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < LONGEST_VARINT; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("has a number of more than 64 bits");
    }
}
