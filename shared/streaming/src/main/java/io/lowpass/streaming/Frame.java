package io.lowpass.streaming;

import io.lowpass.contracts.Chunk;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * One whole latent frame or MP4 fragment.
 *
 * @param index position in the stream, from 0
 * @param count number of frames, or -1 while unknown
 * @param shape for latents: channels, height, width
 * @param dtype element type
 * @param attributes attributes of its first chunk
 * @param bytes from position to limit
 */
public record Frame(
        int index, int count, List<Long> shape, String dtype, Map<String, String> attributes, ByteBuffer bytes) {

    public Frame {
        shape = List.copyOf(shape);
        attributes = Map.copyOf(attributes);
        bytes = bytes.asReadOnlyBuffer();
    }

    static Frame of(Chunk firstPart, ByteBuffer bytes) {
        return new Frame(
                firstPart.index(),
                firstPart.count(),
                firstPart.shape(),
                firstPart.dtype(),
                firstPart.attributes(),
                bytes);
    }

    /** A view of the bytes with its own position. */
    @Override
    public ByteBuffer bytes() {
        return bytes.asReadOnlyBuffer();
    }

    /** Whether the stream ends with this frame. */
    public boolean isLast() {
        return index == count - 1;
    }
}
