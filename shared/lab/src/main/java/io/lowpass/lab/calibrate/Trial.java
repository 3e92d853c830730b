package io.lowpass.lab.calibrate;

import java.util.Locale;

/**
 * The result of one threshold over all prompts. It counts work, not time, which {@code bench} measures on an idle
 * machine.
 *
 * @param speedup multiply-adds of the uncached runs divided by those of the cached ones
 * @param psnr mean PSNR to the uncached videos, dB
 */
record Trial(double threshold, double speedup, double psnr) {

    /** A line for the terminal. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.5g: %.2fx fewer multiply-adds, %.1f dB", threshold, speedup, psnr);
    }
}
