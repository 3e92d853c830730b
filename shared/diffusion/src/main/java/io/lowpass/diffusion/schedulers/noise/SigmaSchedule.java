package io.lowpass.diffusion.schedulers.noise;

/** Where the noise levels of a multistep solver lie. */
public interface SigmaSchedule {

    /**
     * The levels of a number of steps.
     *
     * @throws IllegalArgumentException if there are fewer than 1, or too many for the schedule
     */
    Sigmas forSteps(int steps);

    /** The level after the last step. */
    FinalSigma last();
}
