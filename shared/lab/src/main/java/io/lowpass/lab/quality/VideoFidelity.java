package io.lowpass.lab.quality;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.lowpass.tensor.Kernels;

/**
 * How close a video is to another of the same shape, frame by frame.
 *
 * <p>Both measures follow the scripts that papers on feature caching share: PSNR per frame, 100 dB for equal frames;
 * SSIM (Wang et al., 2004) per colour channel with an 11 x 11 Gaussian window of sigma 1.5, borders left out. A video's
 * figure is the mean of its frames.
 */
public final class VideoFidelity implements AutoCloseable {

    /** Smallest side of a frame for which SSIM has a window. */
    static final int WINDOW = 11;

    private final Kernels kernels = Kernels.compile(VideoFidelity.class, "fidelity.torchscript");

    /**
     * Peak signal-to-noise ratio, mean over frames, in dB.
     *
     * @param video uint8, shape (frames, channels, height, width)
     * @param reference the same shape
     */
    public double psnr(NDArray video, NDArray reference) {
        return mean("psnr", video, reference);
    }

    /**
     * Structural similarity, mean over frames: 1 for equal videos.
     *
     * @param video uint8, shape (frames, channels, height, width), sides of at least 11 pixels
     * @param reference the same shape
     */
    public double ssim(NDArray video, NDArray reference) {
        Shape shape = video.getShape();
        if (shape.get(2) < WINDOW || shape.get(3) < WINDOW) {
            throw new IllegalArgumentException("SSIM needs frames of at least 11x11 pixels, not " + shape);
        }
        return mean("ssim", video, reference);
    }

    /**
     * Mean squared error over all values, which are taken to lie between 0 and 1.
     *
     * @param video uint8, shape (frames, channels, height, width)
     * @param reference the same shape
     */
    public double meanSquaredError(NDArray video, NDArray reference) {
        return mean("mse", video, reference);
    }

    @Override
    public void close() {
        kernels.close();
    }

    private double mean(String measure, NDArray video, NDArray reference) {
        if (!video.getShape().equals(reference.getShape())) {
            throw new IllegalArgumentException(
                    "videos of shapes " + video.getShape() + " and " + reference.getShape() + " cannot be compared");
        }
        NDManager owner = video.getManager();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return kernels.call(owner, measure, video, reference).mean().getDouble();
        }
    }
}
