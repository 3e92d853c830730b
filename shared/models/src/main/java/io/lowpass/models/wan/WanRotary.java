package io.lowpass.models.wan;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.models.TokenGrid;
import java.util.List;

/**
 * Rotary position tables of the three axes (Su et al., 2021), as the reference builds them: a third of a head's width
 * for height, a third for width, the rest for time; angles in double precision, each written twice.
 *
 * @param cos shape (positions, head width)
 * @param sin shape (positions, head width)
 * @param widths share of the head's width of each axis: frames, height, width
 */
record WanRotary(NDArray cos, NDArray sin, List<Long> widths) {

    private static final double THETA = 10_000;

    static WanRotary of(WanConfig config, NDManager owner) {
        long side = 2L * (config.headWidth() / 6);
        List<Long> widths = List.of(config.headWidth() - 2 * side, side, side);
        Shape shape = new Shape(config.longestAxis(), config.headWidth());
        float[] cos = new float[Math.toIntExact(shape.size())];
        float[] sin = new float[cos.length];
        for (int position = 0, i = 0; position < config.longestAxis(); position++) {
            for (long width : widths) {
                for (int j = 0; j < width; j++, i++) {
                    int pair = j / 2;
                    double angle = position / Math.pow(THETA, 2.0 * pair / width);
                    cos[i] = (float) Math.cos(angle);
                    sin[i] = (float) Math.sin(angle);
                }
            }
        }
        return new WanRotary(owner.create(cos, shape), owner.create(sin, shape), widths);
    }

    /** The tables of a grid: cosines and sines, shape (1, tokens, 1, head width). */
    List<NDArray> of(NDManager owner, TokenGrid grid) {
        long[] shares = widths.stream().mapToLong(Long::longValue).toArray();
        return WanTransformer.KERNELS.callAll(owner, "rotary_tables", cos, sin, grid.sizes(), shares);
    }
}
