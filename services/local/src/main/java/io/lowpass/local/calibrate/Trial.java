package io.lowpass.local.calibrate;

/**
 * What a threshold came to, over all prompts.
 *
 * @param speedup multiply-adds of the uncached runs by those of the cached ones
 * @param timeSpeedup the same of wall time
 * @param psnr to the uncached run, dB: mean over videos
 */
record Trial(double threshold, double speedup, double timeSpeedup, double psnr) {}
