package io.lowpass.models.hunyuan.vae;

import io.lowpass.models.vae.Span;
import java.util.List;

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

    private HunyuanTiles() {}

    /**
     * Cuts frames, or latent frames: all at once if they are few.
     *
     * @param factor frames that one place stands for
     */
    static List<Span> inTime(int length, int factor) {
        return length <= FRAMES / factor
                ? List.of(new Span(0, length))
                : Span.cut(length, FRAMES / factor + 1, FRAME_STRIDE / factor);
    }
}
