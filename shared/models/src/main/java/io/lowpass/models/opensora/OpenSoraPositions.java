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
        int waves = config.width() / 4;
        // The waves of an axis are few, those of all cells many: they are joined where they are needed.
        try (NDArray columns = axis(owner, grid.width(), waves, scale, base);
                NDArray rows = axis(owner, grid.height(), waves, scale, base)) {
            return OpenSoraTransformer.KERNELS.call(owner, "places", columns, rows);
        }
    }

    /** Sines, then cosines, of each coordinate of an axis. */
    private static NDArray axis(NDManager owner, long size, int waves, double scale, double base) {
        float[] axis = new float[Math.toIntExact(size * 2 * waves)];
        for (int k = 0; k < waves; k++) {
            double wavelength = Math.pow(THETA, (double) k / waves);
            for (int cell = 0; cell < size; cell++) {
                double angle = cell / scale * base / size / wavelength;
                axis[cell * 2 * waves + k] = (float) Math.sin(angle);
                axis[cell * 2 * waves + waves + k] = (float) Math.cos(angle);
            }
        }
        return owner.create(axis, new Shape(size, 2L * waves));
    }
}
