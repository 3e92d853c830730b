package io.lowpass.local.calibrate;

import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.Signal;
import java.util.Map;

/**
 * How one branch's pass differs from that of the step before.
 *
 * @param step index of the step, from 1
 * @param count number of steps
 * @param signals relative change of what is known before the first block runs
 * @param output relative change of the branch's prediction
 * @param magnitude length of what the blocks add to a token, in units of the step before: mean over tokens
 */
record StepChange(int step, int count, Branch branch, Map<Signal, Double> signals, double output, double magnitude) {}
