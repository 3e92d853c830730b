package io.lowpass.lab.calibrate;

import java.util.Locale;

/**
 * What a threshold came to, over all prompts. Work, not time: time is for {@code bench}, on a quiet machine.
 *
 * @param speedup multiply-adds of the uncached runs by those of the cached ones
 * @param psnr to the uncached run, dB: mean over videos
 */
record Trial(double threshold, double speedup, double psnr) {

    /** For the terminal. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.5g: %.2fx fewer multiply-adds, %.1f dB", threshold, speedup, psnr);
    }
}
