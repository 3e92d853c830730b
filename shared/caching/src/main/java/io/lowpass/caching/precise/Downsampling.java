package io.lowpass.caching.precise;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;
import java.util.List;

/**
 * How latents are downsampled for a probe (A7, A9).
 *
 * @param temporalFactor number of frames that become one
 * @param spatialFactor number of rows, and of columns, that become one
 * @param operator how the cells of a window are combined
 */
public record Downsampling(int temporalFactor, int spatialFactor, Operator operator) {

    /** The factors of the paper: 2 in time, 4 in height and width. */
    public static final Downsampling PAPER = new Downsampling(2, 4, Operator.STRIDE);

    /** How the cells of a window are combined. */
    public enum Operator {
        /** Takes the first: the noise keeps its level, as the timestep of the probe says. */
        STRIDE,
        /** Averages them: smoother, with less noise than the timestep says. */
        POOL
    }

    public Downsampling {
        if (temporalFactor < 1 || spatialFactor < 1) {
            throw new IllegalArgumentException("temporalFactor " + temporalFactor + ", spatialFactor " + spatialFactor
                    + ": both must be at least 1");
        }
        if (temporalFactor * spatialFactor == 1) {
            throw new IllegalArgumentException(
                    "temporalFactor 1, spatialFactor 1: a probe would cost as much as the step that it may save");
        }
    }

    /**
     * The shape of downsampled latents: rounded up, then cut to whole patches. If they have less than 5 rows or
     * columns, the paper's low-pass keeps only the mean of each frame and channel.
     *
     * @param latents shape (1, channels, frames, height, width)
     * @param patch latent cells of one token: frames, height, width
     * @throws IllegalArgumentException if less than one patch is left
     */
    public Shape small(Shape latents, List<Integer> patch) {
        Shape small = cut(latents, patch);
        if (small.size() == 0) {
            throw new IllegalArgumentException("temporalFactor " + temporalFactor + ", spatialFactor " + spatialFactor
                    + ": of latents " + latents + " less than one patch " + patch + " is left");
        }
        return small;
    }

    /** Whether at least one patch is left; see {@link #small}. */
    public boolean fits(Shape latents, List<Integer> patch) {
        return cut(latents, patch).size() > 0;
    }

    private Shape cut(Shape latents, List<Integer> patch) {
        return new Shape(
                latents.get(0),
                latents.get(1),
                cut(latents.get(2), temporalFactor, patch.get(0)),
                cut(latents.get(3), spatialFactor, patch.get(1)),
                cut(latents.get(4), spatialFactor, patch.get(2)));
    }

    /** Downsamples latents or a prediction to the shape {@code small}. */
    public NDArray apply(NDArray latents, Shape small) {
        return operator == Operator.STRIDE ? strided(latents, small) : pooled(latents, small);
    }

    private NDArray strided(NDArray latents, Shape small) {
        return latents.get(new NDIndex(
                ":, :, :{}:{}, :{}:{}, :{}:{}",
                end(small.get(2), temporalFactor),
                temporalFactor,
                end(small.get(3), spatialFactor),
                spatialFactor,
                end(small.get(4), spatialFactor),
                spatialFactor));
    }

    private NDArray pooled(NDArray latents, Shape small) {
        Shape window = new Shape(temporalFactor, spatialFactor, spatialFactor);
        NDArray pooled = Pool.avgPool3d(latents, window, window, new Shape(0, 0, 0), true, false);
        return pooled.get(new NDIndex(":, :, :{}, :{}, :{}", small.get(2), small.get(3), small.get(4)));
    }

    private static long cut(long size, int factor, int patch) {
        long windows = (size + factor - 1) / factor;
        return windows / patch * patch;
    }

    /** Exclusive end index for the wanted number of cells. */
    private static long end(long count, int factor) {
        return (count - 1) * factor + 1;
    }
}
