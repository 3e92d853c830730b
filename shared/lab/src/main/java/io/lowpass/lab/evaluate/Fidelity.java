package io.lowpass.lab.evaluate;

import java.util.Optional;

/**
 * How close a video is to a reference of the same prompt and seed.
 *
 * @param psnr dB, mean over frames, 100 for equal frames
 * @param ssim mean over frames
 * @param lpips mean over frames, where the weights for it were given
 */
record Fidelity(double psnr, double ssim, Optional<Double> lpips) {}
