package io.lowpass.models.vae;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A stretch of an axis, such as the latent frames that are decoded together.
 *
 * @param begin first place, inclusive
 * @param end last place, exclusive
 */
public record Span(int begin, int end) {

    /** Number of places. */
    public int size() {
        return end - begin;
    }

    /**
     * Cuts an axis.
     *
     * @param length places of the axis
     * @param size places of a span, of which the last may have fewer
     * @param stride from the begin of one span to that of the next
     */
    public static List<Span> cut(int length, int size, int stride) {
        return IntStream.iterate(0, begin -> begin < length, begin -> begin + stride)
                .mapToObj(begin -> new Span(begin, Math.min(begin + size, length)))
                .toList();
    }
}
