package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Frames as numbers that screens and codecs take. */
public final class Pixels {

    private Pixels() {}

    /**
     * Turns frames into levels: round(255 clamp(x / 2 + 0.5, 0, 1)), halves to even.
     *
     * @param owner the manager that the result belongs to
     * @param frames -1 to 1, any shape
     * @return uint8, the same shape
     */
    public static NDArray levels(NDManager owner, NDArray frames) {
        return VaeKernels.COMPILED.call(owner, "levels", frames);
    }

    /**
     * Puts the channels last: (frames, channels, height, width) to (frames, height, width, channels), which is how
     * codecs take RGB.
     */
    public static NDArray interleaved(NDManager owner, NDArray frames) {
        return VaeKernels.COMPILED.call(owner, "interleaved", frames);
    }
}
