package io.lowpass.models.opensora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.lowpass.models.TokenGrid;

/**
 * The table of positions that is added to the tokens of every frame: sines and cosines of the column, then of the row.
 *
 * <p>Coordinates are scaled so that both axes span the same range whatever the shape of the video, a range that shrinks
 * as the number of pixels grows: the model sees a larger video as a finer view of the same scene.
 */
final class OpenSoraPositions {

    private static final double THETA = 10_000;

    private OpenSoraPositions() {}

    /**
     * The table of a grid.
     *
     * @param micro says how large the video is, also where the grid is a probe's
     * @return f32, shape (1, 1, tokens of a frame, width)
     */
    static NDArray table(NDManager owner, OpenSoraConfig config, TokenGrid grid, MicroConditions micro) {
        double scale = Math.sqrt(micro.height() * micro.width()) / config.baseSize();
        double base = Math.rint(Math.sqrt((double) grid.area()));
        int half = config.width() / 2;
        float[] table = new float[Math.toIntExact(grid.area() * config.width())];
        int cell = 0;
        for (int row = 0; row < grid.height(); row++) {
            for (int column = 0; column < grid.width(); column++) {
                fill(table, cell, half, column / scale * base / grid.width());
                fill(table, cell + half, half, row / scale * base / grid.height());
                cell += config.width();
            }
        }
        return owner.create(table, new Shape(1, 1, grid.area(), config.width()));
    }

    private static void fill(float[] table, int begin, int size, double position) {
        int waves = size / 2;
        for (int k = 0; k < waves; k++) {
            double angle = position / Math.pow(THETA, (double) k / waves);
            table[begin + k] = (float) Math.sin(angle);
            table[begin + waves + k] = (float) Math.cos(angle);
        }
    }
}
