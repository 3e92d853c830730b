package io.lowpass.diffusion.schedulers;

/** Where the noise levels of a multistep solver lie. */
interface SigmaPlan {

    /**
     * The levels of a number of steps.
     *
     * @throws IllegalArgumentException if there are fewer than 1, or too many for the schedule
     */
    NoiseLevels levels(int steps);

    /** The level after the last step. */
    FinalLevel last();
}
