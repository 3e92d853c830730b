package io.lowpass.lab.evaluate.figures;

import java.util.List;

/**
 * The low-frequency difference as a probe of small latents sees it, from step 1.
 *
 * @param resolution factors in time, height and width, such as 2x4x4
 * @param cached of the probe to the step before's prediction, made small: what the paper's algorithm measures
 * @param trial of the probe to the step before's probe
 */
record ProbeDistances(String resolution, List<Double> cached, List<Double> trial) {}
