package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Pieces of a clip, shape (1, channels, frames, height, width), that overlap and are blended, as diffusers' autoencoders
 * do it.
 */
public final class Tiles {

    private static final int HEIGHT = 3;
    private static final int WIDTH = 4;

    /** Compiled once in a process: no state. */
    private static final Kernels KERNELS = Kernels.compile(Tiles.class, "tiles.torchscript");

    private Tiles() {}

    /** A part along an axis, a view. */
    public static NDArray section(NDManager memory, NDArray x, int axis, int begin, int end) {
        return KERNELS.call(memory, "section", x, axis, begin, end);
    }

    /** Parts one after another. */
    public static NDArray joined(NDManager memory, List<NDArray> parts, int axis) {
        return KERNELS.call(memory, "joined", parts, axis);
    }

    /** A part whose first places go over from the last ones of the part before it. */
    public static NDArray blended(NDManager memory, NDArray before, NDArray x, int overlap, int axis) {
        return KERNELS.call(memory, "blended", before, x, overlap, axis);
    }

    /**
     * Decodes latents in tiles of height and width: each is blended with the finished one above it, then with the one to
     * its left.
     *
     * @param side of a tile, pixels
     * @param stride from one tile to the next, pixels
     * @param factor pixels per latent cell
     */
    public static NDArray decoded(
            NDManager memory, NDArray latents, int side, int stride, int factor, UnaryOperator<NDArray> decode) {
        int overlap = side - stride;
        List<Span> columns = Span.cut((int) latents.getShape().get(WIDTH), side / factor, stride / factor);
        List<NDArray> above = List.of();
        List<NDArray> rows = new ArrayList<>();
        for (Span row : Span.cut((int) latents.getShape().get(HEIGHT), side / factor, stride / factor)) {
            NDArray strip = section(memory, latents, HEIGHT, row.begin(), row.end());
            List<NDArray> finished = new ArrayList<>();
            List<NDArray> kept = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                Span column = columns.get(i);
                NDArray tile = decode.apply(section(memory, strip, WIDTH, column.begin(), column.end()));
                tile = above.isEmpty() ? tile : blended(memory, above.get(i), tile, overlap, HEIGHT);
                tile = i == 0 ? tile : blended(memory, finished.get(i - 1), tile, overlap, WIDTH);
                finished.add(tile);
                kept.add(section(memory, section(memory, tile, HEIGHT, 0, stride), WIDTH, 0, stride));
            }
            rows.add(joined(memory, kept, WIDTH));
            above = finished;
        }
        return joined(memory, rows, HEIGHT);
    }
}
