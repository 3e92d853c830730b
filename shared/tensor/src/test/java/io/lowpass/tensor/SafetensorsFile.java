package io.lowpass.tensor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes files in the format, right or wrong. */
final class SafetensorsFile {

    private SafetensorsFile() {}

    static Path write(Path file, String header, byte... data) throws IOException {
        return write(file, header.getBytes(StandardCharsets.UTF_8).length, header, data);
    }

    static Path write(Path file, long headerLength, String header, byte... data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(8 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(headerLength).put(text).put(data);
        return Files.write(file, buffer.array());
    }

    static byte[] floats(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return buffer.array();
    }

    static byte[] bfloats(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            buffer.putShort((short) (Float.floatToIntBits(value) >>> 16));
        }
        return buffer.array();
    }

    /** Pads a header with spaces, as writers do, so that the data starts {@code offset} bytes past a multiple of 8. */
    static String padded(String header, int offset) {
        StringBuilder padded = new StringBuilder(header);
        while ((8 + padded.length()) % 8 != offset) {
            padded.append(' ');
        }
        return padded.toString();
    }
}
