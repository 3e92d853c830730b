package io.lowpass.models.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.lowpass.tensor.Kernels;

/** Frames as numbers that screens and codecs take. */
public final class Pixels {

    /** Compiled once in a process: no state. */
    private static final Kernels KERNELS = Kernels.compile(Pixels.class, "pixels.torchscript");

    private Pixels() {}

    /**
     * Turns frames into levels: round(255 clamp(x / 2 + 0.5, 0, 1)), halves to even.
     *
     * @param owner the manager that the result belongs to
     * @param frames -1 to 1, any shape
     * @return uint8, the same shape
     */
    public static NDArray levels(NDManager owner, NDArray frames) {
        return KERNELS.call(owner, "levels", frames);
    }

    /**
     * Puts the channels last: (frames, channels, height, width) to (frames, height, width, channels), which is how
     * codecs take RGB.
     */
    public static NDArray interleaved(NDManager owner, NDArray frames) {
        return KERNELS.call(owner, "interleaved", frames);
    }
}
