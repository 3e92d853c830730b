package io.lowpass.lab.calibrate;

import io.lowpass.diffusion.Branch;
import io.lowpass.diffusion.Signal;
import io.lowpass.diffusion.StepRange;
import java.util.Map;

/**
 * How one branch's pass differs from that of the step before.
 *
 * @param steps those of the expert that made both passes: all, where a model has one
 * @param step index of the step in the whole generation, which is not its expert's first
 * @param signals relative change of what is known before the first block runs
 * @param output relative change of the branch's prediction
 * @param magnitude length of what the blocks add to a token, in units of the step before: mean over tokens
 */
record StepChange(
        StepRange steps, int step, Branch branch, Map<Signal, Double> signals, double output, double magnitude) {

    /** Index of the step among those of its expert, from 1: to a cache, which starts anew with each expert, the step's. */
    int ofExpert() {
        return step - steps.first();
    }

    /** Whether it is its expert's last. */
    boolean isLast() {
        return ofExpert() == steps.count() - 1;
    }
}
