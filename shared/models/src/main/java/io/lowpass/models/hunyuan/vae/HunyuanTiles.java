package io.lowpass.models.hunyuan.vae;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How a video is cut for the autoencoder: its norms and its attention look at all frames they are given, so what is
 * decoded at once is part of what the model computes. In time it is always cut, as the reference does; in space only
 * where memory asks.
 */
final class HunyuanTiles {

    /** Side of a tile, pixels. */
    static final int SIDE = 256;

    /** From one tile to the next, pixels. */
    static final int SIDE_STRIDE = 192;

    /** Frames of a tile in time, but for the one that it shares with the tile before. */
    static final int FRAMES = 16;

    /** From one tile to the next, frames. */
    static final int FRAME_STRIDE = 12;

    /** Latent frames of a tile. */
    static final int FRAMES_OF_LATENTS = FRAMES / HunyuanVaeConfig.TEMPORAL_FACTOR + 1;

    private HunyuanTiles() {}

    /**
     * A stretch of an axis.
     *
     * @param begin first place, inclusive
     * @param end last place, exclusive
     */
    record Span(int begin, int end) {}

    /**
     * Cuts an axis.
     *
     * @param length places of the axis
     * @param size places of a tile
     * @param stride from one tile to the next
     */
    static List<Span> cut(int length, int size, int stride) {
        return IntStream.iterate(0, begin -> begin < length, begin -> begin + stride)
                .mapToObj(begin -> new Span(begin, Math.min(begin + size, length)))
                .toList();
    }

    /** Cuts latent frames: all at once if they are few. */
    static List<Span> inTime(int latentFrames) {
        return inTime(latentFrames, HunyuanVaeConfig.TEMPORAL_FACTOR);
    }

    /**
     * Cuts frames, or latent frames.
     *
     * @param factor frames that one place stands for
     */
    static List<Span> inTime(int length, int factor) {
        return length <= FRAMES / factor
                ? List.of(new Span(0, length))
                : cut(length, FRAMES / factor + 1, FRAME_STRIDE / factor);
    }
}
