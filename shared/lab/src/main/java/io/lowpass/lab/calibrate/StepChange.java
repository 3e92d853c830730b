package io.lowpass.lab.calibrate;

import io.lowpass.diffusion.blocks.Signal;
import io.lowpass.diffusion.conditioning.Branch;
import io.lowpass.diffusion.steps.StepRange;
import java.util.Map;

/**
 * The change of one branch's pass relative to the step before.
 *
 * @param steps the steps of the expert of both passes: all, if there is one
 * @param step index of the step in the whole generation; never the first of its expert
 * @param signals relative change of the signals before the first block
 * @param output relative change of the prediction
 * @param magnitude norm of the residual per token relative to the step before, averaged over tokens
 */
record StepChange(
        StepRange steps, int step, Branch branch, Map<Signal, Double> signals, double output, double magnitude) {

    /** Index of the step within its expert, from 1: the index that a cache sees, since it restarts with each expert. */
    int ofExpert() {
        return step - steps.first();
    }

    /** Whether it is the last step of its expert. */
    boolean isLast() {
        return ofExpert() == steps.count() - 1;
    }
}
