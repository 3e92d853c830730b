package io.lowpass.models.cogvideox.vae;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A group norm over all frames of a batch. In a decoder its result is scaled and shifted by what two convolutions of
 * single cells make of the latents (Zheng et al., 2022): made where the latents are small and enlarged afterwards, which
 * changes no number.
 *
 * @param weights scale and shift; in a decoder, then weight and bias of the two convolutions
 * @param groups of channels that are normalized together
 * @param epsilon added to the variance
 */
record GroupNorm(List<NDArray> weights, int groups, double epsilon) {

    private static final int PLAIN = 2;

    /** Which latent frame of a batch each of its frames is scaled by; the first where it is by none. */
    long[] times(int frames, int latents) {
        long[] times = new long[frames];
        if (weights.size() == PLAIN) {
            return times;
        }
        // An odd number begins with a frame that stands alone.
        int single = frames > 1 ? frames % 2 : 0;
        for (int t = single; t < frames; t++) {
            times[t] = single + (long) (t - single) * (latents - single) / (frames - single);
        }
        return times;
    }
}
