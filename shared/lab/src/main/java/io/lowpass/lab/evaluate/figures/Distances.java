package io.lowpass.lab.evaluate.figures;

import java.util.List;

/**
 * How far the guided prediction of each step is from that of the step before, from step 1: root mean square over all
 * elements.
 *
 * @param whole of the difference
 * @param low of what it has within the paper's disc
 * @param high of the rest
 */
record Distances(List<Double> whole, List<Double> low, List<Double> high) {}
