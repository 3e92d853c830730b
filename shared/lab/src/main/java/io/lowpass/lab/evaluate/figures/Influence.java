package io.lowpass.lab.evaluate.figures;

/**
 * What became of the video when one step took a prediction, or a band of it, from the step before: mean squared error of
 * its frames, whose values lie between 0 and 1, to the frames of the run that reuses nothing.
 */
record Influence(int step, double whole, double low, double high) {}
