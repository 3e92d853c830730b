package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Arrays;
import io.lowpass.tensor.Kernels;
import java.util.List;

/**
 * The normal distribution that an encoder gives latent frames, in the autoencoder's own scale.
 *
 * @param mean f32, shape (1, channels, frames, height, width)
 * @param logvar logarithm of the variance, clamped to -30..20, f32, the same shape
 */
public record LatentDistribution(NDArray mean, NDArray logvar) {

    /**
     * The distribution that moments stand for.
     *
     * @param owner the manager that it belongs to
     * @param kernels have {@code moments}, which takes the parts
     * @param parts moments as the encoder makes them, one part of the video after another
     */
    public static LatentDistribution of(NDManager owner, Kernels kernels, List<NDArray> parts) {
        List<NDArray> moments = kernels.callAll(owner, "moments", parts);
        return new LatentDistribution(Arrays.keep(moments.get(0), owner), Arrays.keep(moments.get(1), owner));
    }
}
