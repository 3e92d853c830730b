package io.lowpass.lab.evaluate.figures;

/**
 * The effect on the video when one step reuses the prediction of the step before, or a band of it: mean squared error
 * of its frames, with values between 0 and 1, to the frames of the run without reuse.
 */
record Influence(int step, double whole, double low, double high) {}
